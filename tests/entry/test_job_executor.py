"""What the log has of a job's execution."""

from __future__ import annotations

import io
import json
from dataclasses import dataclass, field, replace
from typing import Any, cast

import pytest

from rerank_gateway.domain.answer import Answer
from rerank_gateway.domain.attempt import AllTargetsFailed, Attempt
from rerank_gateway.domain.deadline import Deadline
from rerank_gateway.domain.errors import DeadlineExceeded, TargetBusy, TargetFailed, Unavailable
from rerank_gateway.domain.jobs.job import Outcome
from rerank_gateway.domain.keys import VirtualKey
from rerank_gateway.domain.ranking import Ranking
from rerank_gateway.domain.request import RerankRequest
from rerank_gateway.domain.routing.aliases import Routing
from rerank_gateway.domain.target import Target
from rerank_gateway.domain.usage import Usage
from rerank_gateway.entry import observability
from rerank_gateway.entry.end_users import EndUsers
from rerank_gateway.entry.gathered_metrics import GatheredMetrics
from rerank_gateway.entry.worker.execute import JobExecutor
from rerank_gateway.entry.worker.job_log import LineLog
from rerank_gateway.entry.worker.services import ExecutionServices
from tests.fakes import FakeClock, FakeContext, within
from tests.job_fakes import job

A, B = Target("a", "m"), Target("b", "m")
BODY = json.dumps({"model": "a/m", "query": "q", "documents": ["d"]}).encode()
ANSWER = Answer(Ranking(((0, 0.5),)), Usage(cost=0.25), A, (Attempt(A, 0.2),))


@dataclass
class FakeServices:
    """Takes a quarter of a second to rerank, and then fails with *error* if there is one."""

    error: Exception | None = None
    clock: FakeClock = field(default_factory=FakeClock)
    requests: list[RerankRequest] = field(default_factory=list)
    counted_targets: tuple[str, ...] = ()
    routing: Routing = field(default_factory=lambda: Routing(()))
    end_users: EndUsers = field(default_factory=lambda: EndUsers("salt", plain=False))

    def authorize(self, key: VirtualKey, request: RerankRequest) -> RerankRequest:
        """Everything is allowed."""
        return replace(request, allowed_models=key.models)

    def rerank(self, request: RerankRequest, owner: str, deadline: Deadline) -> Answer:
        self.requests.append(request)
        self.clock.sleep(0.25)
        if self.error:
            raise self.error

        return ANSWER


def execute(error: Exception | None = None) -> Outcome:
    services = FakeServices(error)

    return JobExecutor(cast("ExecutionServices", services))(job(), lambda: BODY, within(10.0, services.clock))


@pytest.fixture
def log(monkeypatch: pytest.MonkeyPatch) -> io.StringIO:
    stream = io.StringIO()
    monkeypatch.setattr(observability.logger.registered_handler, "stream", stream)
    # Whatever share of whole lines an invocation before had.
    observability.bind_invocation(FakeContext(), "a-stack")

    return stream


def lines(log: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in log.getvalue().splitlines()]


def test_a_job_is_bound_to_the_models_of_its_owners_key() -> None:
    """
    A last resort that the sync call may not have is not had by way of a job.
    """
    services = FakeServices()
    run = JobExecutor(cast("ExecutionServices", services))

    run(job(models=("a/*",)), lambda: BODY, within(10.0, services.clock))

    assert services.requests[0].allowed_models == ("a/*",)


def test_a_line_tells_how_long_it_took_and_what_it_cost(log: io.StringIO) -> None:
    """
    In milliseconds and USD.
    """
    outcome = execute()

    assert (outcome.status_code, outcome.cost) == (200, 250_000_000)

    [line] = lines(log)
    assert (line["message"], line["ms"], line["cost"], line["status"]) == ("job_tried", 250.0, 0.25, 200)


def test_a_bug_says_where_it_is(log: io.StringIO) -> None:
    """
    The job ends with a 500, and the log has the place of the bug, without its words.
    """
    assert execute(ValueError("secret")).status_code == 500

    assert [line["message"] for line in lines(log)] == ["bug_found", "job_tried"]
    assert "secret" not in log.getvalue()


def test_a_failure_is_no_bug(log: io.StringIO) -> None:
    """
    Providers fail.
    """
    execute(AllTargetsFailed([Attempt(A, 0.1, TargetFailed("down"))]))

    assert [(line["message"], line["error"]) for line in lines(log)] == [("job_tried", "provider_failed")]


def test_what_is_tried_again_is_no_error_yet(log: io.StringIO) -> None:
    """
    However it may end.
    """
    execute(AllTargetsFailed([Attempt(A, 0.1, TargetBusy("503", status_code=503))]))
    execute(AllTargetsFailed([Attempt(A, 0.1, TargetFailed("down"))]))

    assert [(line["status"], line.get("Errors"), line["busy"]) for line in lines(log)] == [
        (503, None, True),
        (502, 1, False),
    ]


def test_a_line_of_a_batch_is_no_job(log: io.StringIO) -> None:
    """
    It has a message and metrics of its own, the id that its caller reads, and no time in a queue.
    """
    services, line_log = FakeServices(), LineLog(GatheredMetrics())

    JobExecutor(cast("ExecutionServices", services), line_log)(job(), lambda: BODY, within(10.0, services.clock))
    line_log.tell()

    line, counted = lines(log)
    assert (line["message"], line["request_id"], line["ms"]) == ("line_tried", job().id, 250.0)
    assert (counted["message"], counted["LinesCompleted"], counted["Cost"]) == ("lines_counted", 1, 0.25)
    assert not {"job", "queued_ms", "QueueTime", "JobAge", "JobsCompleted"} & (line.keys() | counted.keys())


@pytest.mark.parametrize(
    ("error", "busy", "retry_after"),
    [
        (AllTargetsFailed([Attempt(A, 0.1, TargetFailed("down"))]), False, None),
        (AllTargetsFailed([Attempt(A, 0.1, TargetBusy("429"))]), True, None),
        (
            AllTargetsFailed(
                [
                    Attempt(A, 0.1, TargetBusy("429", retry_after=9.0)),
                    Attempt(B, 0.1, TargetBusy("429", retry_after=7.0)),
                    Attempt(B, 0.1, TargetFailed("down")),
                ]
            ),
            True,
            7.0,
        ),
        (Unavailable("no secret store"), True, None),
        (DeadlineExceeded("late"), True, None),
    ],
    ids=["failed", "busy", "busy till then", "our outage", "no time"],
)
def test_what_a_later_try_may_mend_is_tried_again(error: Exception, busy: bool, retry_after: float | None) -> None:
    """
    As soon as the first of those who are busy says that it may be asked again.
    """
    outcome = execute(error)

    assert (outcome.busy, outcome.retry_after) == (busy, retry_after)
