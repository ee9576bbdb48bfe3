"""Which messages of a batch come again, and when."""

from __future__ import annotations

import io
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, cast

import pytest

from rerank_gateway.domain.deadline import Deadline
from rerank_gateway.domain.errors import Unavailable
from rerank_gateway.domain.jobs.job import Outcome
from rerank_gateway.domain.jobs.ports import ExecuteJob, JobMessage
from rerank_gateway.entry import observability
from rerank_gateway.entry.worker.handler import RECORDING_RESERVE_S, BatchHandler
from rerank_gateway.entry.worker.services import WorkerServices
from rerank_gateway.entry.worker.shadows import ShadowExecutor
from rerank_gateway.use_cases.jobs.redeliver import Redeliver
from tests.fakes import FakeClock, FakeContext
from tests.job_fakes import message

DEAD = "dead"


@dataclass
class FakeMessageQueue:
    """Remembers for how long each message is hidden."""

    hidden: dict[str, float] = field(default_factory=dict)

    def parse_record(self, record: Mapping[str, Any]) -> JobMessage:
        return replace(message(), id=record["messageId"])

    def is_dead_letter(self, record: Mapping[str, Any]) -> bool:
        return bool(record["eventSourceARN"] == DEAD)

    def is_shadow(self, record: Mapping[str, Any]) -> bool:
        return False

    def extend_visibility(self, record: Mapping[str, Any], seconds: float) -> None:
        self.hidden[record["messageId"]] = seconds


@dataclass
class FakeServices:
    """Every job has the same *outcome*: it is done, it must come again, or a part of the gateway is out of reach."""

    outcome: Redeliver | Exception | None = None
    clock: FakeClock = field(default_factory=FakeClock)
    queue: FakeMessageQueue = field(default_factory=FakeMessageQueue)
    deadlines: list[float] = field(default_factory=list)
    suspect: str = ""
    stack: str = "a-stack"
    xray_header: str = ""
    success_share: float = 1.0
    authorize: None = None
    rerank: None = None

    def run_job(self, execute: ExecuteJob) -> Any:
        return self._handled

    def isolate_job(self, messages: Iterable[JobMessage]) -> JobMessage | None:
        return next((message for message in messages if message.id == self.suspect), None)

    def abandon_job(self, message: JobMessage, outcome: Outcome) -> Redeliver | None:
        return self._handled(message, Deadline(self.clock, 0.0), outcome)

    def _handled(self, message: JobMessage, deadline: Deadline, abandoned: Outcome) -> Redeliver | None:
        self.deadlines.append(deadline.at)
        if isinstance(self.outcome, Exception):
            raise self.outcome

        return self.outcome


def record(message_id: str = "m", receives: int = 1, source: str = "jobs") -> dict[str, Any]:
    return {
        "messageId": message_id,
        "eventSourceARN": source,
        "attributes": {"ApproximateReceiveCount": str(receives)},
    }


def handle(services: FakeServices, *records: dict[str, Any], milliseconds: int = 60_000) -> list[str]:
    """The ids of the messages that must come again."""
    whole = cast("WorkerServices", services)
    handler = BatchHandler(whole, lambda *_: Outcome(200, b"{}"), ShadowExecutor(whole))
    response = handler({"Records": list(records)}, FakeContext(milliseconds))

    return [failure["itemIdentifier"] for failure in response["batchItemFailures"]]


def test_what_is_done_does_not_come_again() -> None:
    """
    Nor is it hidden: it is gone.
    """
    services = FakeServices()

    assert handle(services, record("a"), record("b")) == []
    assert services.queue.hidden == {}


def test_what_must_come_again_is_hidden_for_as_long_as_was_asked() -> None:
    """
    A busy provider has said when.
    """
    services = FakeServices(Redeliver(70.0))

    assert handle(services, record("a")) == ["a"]
    assert services.queue.hidden == {"a": 70.0}


def test_a_dead_letter_that_must_come_again_is_not_hidden() -> None:
    """
    Its queue has a visibility timeout of its own, and nobody is waited for.
    """
    services = FakeServices(Redeliver(70.0))

    assert handle(services, record("a", source=DEAD)) == ["a"]
    assert services.queue.hidden == {}


@pytest.mark.parametrize("error", [Unavailable("no table"), ValueError("a bug")], ids=["outage", "bug"])
@pytest.mark.parametrize(("receives", "seconds"), [(1, 30.0), (2, 60.0), (10, 300.0), (30, 900.0), (99, 900.0)])
def test_trouble_of_ours_is_waited_out_longer_each_time(error: Exception, receives: int, seconds: float) -> None:
    """
    Half a minute more each time, a quarter of an hour at most.
    """
    services = FakeServices(error)

    assert handle(services, record("a", receives)) == ["a"]
    assert services.queue.hidden == {"a": seconds}


@pytest.mark.parametrize(("milliseconds", "started"), [(10_100, 1), (9_900, 0)])
def test_nothing_is_started_that_cannot_be_finished(milliseconds: int, started: int) -> None:
    """
    Five seconds of work and five for recording its outcome are the least; the rest comes again at once.
    """
    services = FakeServices()

    again = handle(services, record("a"), milliseconds=milliseconds)

    assert len(services.deadlines) == started
    assert services.queue.hidden == ({} if started else {"a": 0.0})
    assert again == ([] if started else ["a"])


def test_a_suspect_is_handled_alone() -> None:
    """
    Those beside it come again at once, and nothing was done about them.
    """
    services = FakeServices(suspect="b")

    assert handle(services, record("a"), record("b"), record("c")) == ["a", "c"]
    assert services.queue.hidden == {"a": 0.0, "c": 0.0}
    assert len(services.deadlines) == 1


def test_time_is_kept_for_recording_outcomes() -> None:
    """
    The work's deadline is Lambda's less a reserve.
    """
    services = FakeServices()

    handle(services, record())

    assert services.deadlines == [services.clock.now() + 60.0 - RECORDING_RESERVE_S]
    assert RECORDING_RESERVE_S >= 3.0


def test_a_delay_is_logged_with_its_message(monkeypatch: pytest.MonkeyPatch) -> None:
    """
    And with what was out of reach.
    """
    monkeypatch.setattr(observability.logger.registered_handler, "stream", log := io.StringIO())

    handle(FakeServices(Unavailable("no table")), record("a"))

    lines = [json.loads(line) for line in log.getvalue().splitlines()]
    [delayed] = [line for line in lines if line["message"] == "job_delayed"]
    assert (delayed["message_id"], delayed["error"]) == ("a", "no table")
