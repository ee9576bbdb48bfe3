"""Metrics of lines of batches are told together, and none is lost or counted twice."""

from __future__ import annotations

import io
import json
from collections.abc import Sequence
from typing import Any

import pytest

from rerank_gateway.domain.attempt import Attempt
from rerank_gateway.domain.errors import TargetFailed
from rerank_gateway.domain.jobs.job import Outcome
from rerank_gateway.domain.target import Target
from rerank_gateway.entry import observability
from rerank_gateway.entry.gathered_metrics import GatheredMetrics
from rerank_gateway.entry.metrics import MAX_VALUES
from rerank_gateway.entry.request_log import RequestLog
from rerank_gateway.entry.worker.job_log import LineLog, Times
from tests.fakes import FakeContext
from tests.job_fakes import job
from tests.metrics import Counted, emitted

TARGET = Target("a", "m")
GOOD, BAD = Attempt(TARGET, 0.25), Attempt(TARGET, 0.25, TargetFailed("down"))
DONE, FAILED = Outcome(200, b"{}"), Outcome(502, b"{}")


@pytest.fixture
def log(monkeypatch: pytest.MonkeyPatch) -> io.StringIO:
    monkeypatch.setattr(observability.logger.registered_handler, "stream", log := io.StringIO())

    return log


def told(log: io.StringIO, outcomes: Sequence[Outcome], share: float = 1.0, **values: float) -> list[dict[str, Any]]:
    """The lines of the log about lines of a batch with these *outcomes*, and *values* of metrics."""
    lines = LineLog(GatheredMetrics())
    for success_share in (1.0, share):  # the first line of an environment is whole in any case
        observability.bind_invocation(FakeContext(), "a-stack", success_share=success_share)
    for outcome in outcomes:
        fields = {"target": "a/m", "team": "red", "cost": 0.5}
        attempts = (GOOD,) if outcome is DONE else (BAD,)
        known = RequestLog(attempts=attempts, fields=fields, values={"Cost": 0.5, **values}, targets=("a/m",))
        lines(job(), outcome, known, Times(9.0, 0.3))
    lines.tell()
    lines.tell()

    return [json.loads(line) for line in log.getvalue().splitlines()]


def sums(counted: Counted, name: str) -> set[float]:
    """What comes out of a metric, whichever of its dimensions one sums it up by."""
    return {sum(values) for (metric, _), values in counted.items() if metric == name}


def test_what_went_well_is_counted_by_one_line(log: io.StringIO) -> None:
    """
    By all dimensions, each latency for itself, and as often as it was.
    """
    lines = told(log, [DONE] * (MAX_VALUES + 20))

    *tried, first, second = lines
    counted = emitted([first, second])
    assert not any("_aws" in line for line in tried)
    assert (first["message"], second["message"]) == ("lines_counted", "lines_counted")
    assert {name: sums(counted, name) for name in ("Requests", "LinesCompleted", "Attempts", "Cost")} == {
        "Requests": {120},
        "LinesCompleted": {120},
        "Attempts": {120},
        "Cost": {60.0},
    }
    function = frozenset({"stack": "a-stack", "function": "gateway-function"}.items())
    target = function | {("provider", "a"), ("target", "a/m")}
    assert (len(counted["Latency", function]), len(counted["ProviderLatency", target])) == (120, 120)
    assert ("Cost", frozenset({("stack", "a-stack"), ("team", "red")})) in counted


def test_what_failed_is_counted_where_its_attempts_stand(log: io.StringIO) -> None:
    """
    So that a query finds who failed and how.
    """
    failed, tried, together = told(log, [FAILED, DONE])

    assert (failed["AttemptFailures"], failed["reason"], failed["LinesFailed"]) == (1, "failed", 1)
    assert "_aws" not in tried
    assert (together["Requests"], together["LinesCompleted"]) == (1, 1)
    assert "LinesFailed" not in together


def test_a_brief_line_says_who_and_how_much(log: io.StringIO) -> None:
    """
    As the queries over all lines need it, and nothing that is only counted.
    """
    line, _ = told(log, [DONE], share=0.0, BudgetUsed=81.0)

    assert line.keys() == {
        "level", "timestamp", "message", "request_id", "key", "team", "cost", "BudgetUsed"
    }  # fmt: skip
