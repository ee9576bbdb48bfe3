"""A share of the successes has whole lines in the log."""

from __future__ import annotations

import io
import json
from collections.abc import Sequence
from typing import Any

import pytest

from rerank_gateway.domain.attempt import Attempt
from rerank_gateway.domain.errors import TargetFailed
from rerank_gateway.domain.target import Target
from rerank_gateway.domain.usage import Usage
from rerank_gateway.entry import observability
from rerank_gateway.entry.log_sampling import SLOW_MS, has_whole_line
from rerank_gateway.entry.request_log import RequestLog
from rerank_gateway.entry.wiring.settings import Settings
from tests.fakes import FakeContext
from tests.metrics import emitted

TARGET = Target("a", "m")
FIELDS = {"request_id": "r-1", "key": "team", "status": 200, "ms": 1.0, "cost": 0.002, "target": "a/m", "team": "red"}


@pytest.fixture
def log(monkeypatch: pytest.MonkeyPatch) -> io.StringIO:
    monkeypatch.setattr(observability.logger.registered_handler, "stream", log := io.StringIO())

    return log


def told(log: io.StringIO, share: float, attempts: Sequence[Attempt] = (), **fields: Any) -> list[dict[str, Any]]:
    """The lines of a request with these *fields* beside usual ones, where a *share* of the successes is whole."""
    log.seek(0)
    log.truncate()
    # The environment's first line is whole in any case.
    observability.bind_invocation(FakeContext(), "a-stack")
    observability.bind_invocation(FakeContext(), "a-stack", success_share=share)
    known = RequestLog(attempts=attempts, targets=("a/m",), values={"Cost": 0.002})
    observability.log_request("request_answered", FIELDS | fields, known)

    return [json.loads(line) for line in log.getvalue().splitlines()]


def test_a_brief_line_counts_as_a_whole_one(log: io.StringIO) -> None:
    """
    Every metric, by every dimension, and who paid how much: sums and alarms stay exact.
    """
    attempts = [Attempt(TARGET, 0.25, usage=Usage(total_tokens=7, cost=0.002))]

    whole, brief = (told(log, share, attempts) for share in (1.0, 0.0))

    assert emitted(brief) == emitted(whole) != {}
    assert [brief[0][name] for name in ("message", "request_id", "key", "team", "cost")] == [
        "request_answered",
        "r-1",
        "team",
        "red",
        0.002,
    ]
    assert {"attempts", "ms", "function_request_id"} <= whole[0].keys() - brief[0].keys()


@pytest.mark.parametrize(
    "fields",
    [{"status": 400}, {"status": 503}, {"ms": SLOW_MS}, {"degraded": ["fallback"]}],
    ids=["refused", "failed", "slow", "degraded"],
)
def test_what_did_not_go_well_is_told_in_full(log: io.StringIO, fields: dict[str, Any]) -> None:
    """
    However small the share.
    """
    [line] = told(log, 0.0, **fields)

    assert line["target"] == "a/m"


@pytest.mark.parametrize(
    "attempt", [Attempt(TARGET, 0.1, TargetFailed("down")), Attempt(TARGET, 0.0, passed_over="circuit open")]
)
def test_a_target_that_did_not_answer_is_told_in_full(log: io.StringIO, attempt: Attempt) -> None:
    """
    Also where the next one did.
    """
    *_, line = told(log, 0.0, [attempt, Attempt(Target("b", "m"), 0.1)], target="b/m")

    assert len(line["attempts"]) == 2


def test_the_share_is_kept() -> None:
    """
    About so many of many, and all lines of a trace alike.
    """
    drawn = [has_whole_line(FIELDS | {"request_id": f"r-{number}"}, (), 0.05) for number in range(10_000)]
    trace = {has_whole_line(FIELDS | {"trace_id": "t", "request_id": f"r-{n}"}, (), 0.5) for n in range(100)}

    assert 400 < sum(drawn) < 600
    assert len(trace) == 1


@pytest.mark.parametrize(("told_by", "share"), [("", 1.0), ("0.05", 0.05), ("0", 0.0), ("all of them", 1.0)])
def test_all_lines_are_whole_unless_a_number_says_less(told_by: str, share: float) -> None:
    """
    A typo costs bytes, and no line.
    """
    assert Settings.of({"LOGGED_SUCCESSES": told_by}).success_share == share
