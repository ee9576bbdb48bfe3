"""What stands in a log line beside the event itself."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from rerank_gateway.domain.attempt import Attempt
from rerank_gateway.domain.errors import (
    TargetBusy,
    TargetError,
    TargetFailed,
    TargetNotConfigured,
    TargetRefused,
    TargetTimedOut,
)
from rerank_gateway.domain.target import Target
from rerank_gateway.domain.usage import Usage
from rerank_gateway.entry import observability
from rerank_gateway.entry.metrics import METRICS
from rerank_gateway.entry.request_log import RequestLog
from tests.fakes import FakeContext
from tests.metrics import emitted

EVENT = {"status": 200, "ms": 1.0}
FIRST_TWO = """
from rerank_gateway.entry import observability
from rerank_gateway.entry.request_log import RequestLog
from tests.fakes import FakeContext
for _ in range(2):
    observability.bind_invocation(FakeContext(), "a-stack")
    observability.log_request("request_answered", {"status": 200, "ms": 1.0}, RequestLog())
"""
A, B = Target("a", "m"), Target("b", "m")
HERE = {"stack": "a-stack", "function": "gateway-function"}


@pytest.fixture
def log(monkeypatch: pytest.MonkeyPatch) -> io.StringIO:
    monkeypatch.setattr(observability.logger.registered_handler, "stream", log := io.StringIO())

    return log


def lines(log: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in log.getvalue().splitlines()]


def tell(attempts: Sequence[Attempt] = (), *, targets: Sequence[str] = ("a/m", "b/m"), **fields: Any) -> None:
    """Log a request with these *attempts*; its other *fields* are usual ones."""
    observability.bind_invocation(FakeContext(), "a-stack")
    observability.log_request("request_answered", EVENT | fields, RequestLog(attempts=attempts, targets=targets))


def test_a_line_says_which_invocation_wrote_it(log: io.StringIO) -> None:
    """
    Under Powertools' own names, so that its users' queries find them; the latest invocation counts.
    """
    for request_id in ("r-1", "r-2"):
        observability.bind_invocation(FakeContext(aws_request_id=request_id), "a-stack", "1-5759e988-bd862e3f")
        observability.log_request("request_answered", EVENT, RequestLog())

    first, second = lines(log)
    assert (first["function_request_id"], second["function_request_id"]) == ("r-1", "r-2")
    assert second["function"] == "gateway-function"
    assert (second["stack"], second["xray_trace_id"]) == ("a-stack", "1-5759e988-bd862e3f")
    assert (second["service"], second["message"], second["status"]) == ("rerank-gateway", "request_answered", 200)


def test_it_holds_for_all_threads(log: io.StringIO) -> None:
    """
    A worker's jobs run in threads that the invocation starts later.
    """
    observability.bind_invocation(FakeContext(aws_request_id="batch"), "a-stack")

    with ThreadPoolExecutor(1) as pool:
        pool.submit(observability.log_request, "job_tried", EVENT, RequestLog()).result()

    assert lines(log)[0]["function_request_id"] == "batch"


def test_both_ways_to_write_a_line_agree(log: io.StringIO) -> None:
    """
    What is written by hand has the fields of what Powertools writes, in the same form.
    """
    observability.bind_invocation(FakeContext(), "a-stack")
    observability.log_request("request_answered", EVENT, RequestLog())
    observability.log_warning("lookup_failed", EVENT)

    ours, theirs = lines(log)
    assert theirs.keys() - ours.keys() == {"location", "function_name", "function_memory_size", "function_arn"}
    assert len(ours["timestamp"]) == len(theirs["timestamp"])


def test_only_the_first_invocation_is_a_cold_start() -> None:
    """
    An operator sees which requests waited for a new environment, and how many there were.
    """
    ran = subprocess.run([sys.executable, "-c", FIRST_TWO], capture_output=True, text=True, check=True)

    told = [json.loads(line) for line in ran.stdout.splitlines()]
    assert [line["cold_start"] for line in told] == [True, False]
    assert [line.get("ColdStarts") for line in told] == [1, None]
    assert [line.get("function_memory_size") for line in told] == ["1769", None]
    assert told[0]["function_name"] == told[0]["function"] == "gateway-function"
    assert told[0]["function_arn"].endswith(":function:gateway-function")


def test_a_name_with_half_a_character_is_logged(log: io.StringIO) -> None:
    """
    A header may hold what is no Unicode; the line is JSON all the same.
    """
    tell(app_title="\ud800")

    assert lines(log)[0]["app_title"] == "\ud800"


def test_where_all_went_well_there_is_one_line(log: io.StringIO) -> None:
    """
    With the metrics of the request and of the attempt, by provider and by target.
    """
    tell([Attempt(A, 0.25, usage=Usage(total_tokens=7, cost=0.002))], target="a/m")

    [line] = lines(log)
    counted = emitted([line])
    assert counted["Requests", frozenset(HERE.items())] == [1]
    for more in ({}, {"provider": "a"}, {"provider": "a", "target": "a/m"}):
        assert counted["ProviderLatency", frozenset((HERE | more).items())] == [250.0]
        assert counted["ProviderCost", frozenset((HERE | more).items())] == [0.002]
    assert not any(name == "AttemptFailures" for name, _ in counted)


def test_a_failure_is_counted_under_whose_it_is(log: io.StringIO) -> None:
    """
    The one who answered has its own line; it was somebody else who failed, and the reason is told.
    """
    refused = TargetFailed("down")
    refused.reason = "connection_refused"

    tell([Attempt(A, 0.1, refused), Attempt(B, 0.5)], target="b/m", request_id="r-1")

    tried, answered = lines(log)
    counted = emitted([tried, answered])
    assert (tried["message"], tried["request_id"], answered["target"]) == ("target_tried", "r-1", "b/m")
    assert {dict(by).get("provider") for name, by in counted if name == "AttemptFailures"} == {None, "a"}
    assert counted["AttemptFailures", frozenset({**HERE, "provider": "a", "reason": "failed"}.items())] == [1]
    assert counted["Attempts", frozenset({**HERE, "provider": "b"}.items())] == [1]
    assert counted["Attempts", frozenset(HERE.items())] == [1, 1]
    assert answered["attempts"][0]["reason"] == "connection_refused"


def test_several_tries_at_one_target_are_one_line(log: io.StringIO) -> None:
    """
    With each of their latencies; a single target that failed costs no second line.
    """
    tell([Attempt(A, 0.1, TargetBusy("429")), Attempt(A, 0.2, TargetBusy("429"))], status=503)

    [line] = lines(log)
    counted = emitted([line])
    assert line["ProviderLatency"] == [100.0, 200.0]
    assert counted["AttemptFailures", frozenset({**HERE, "provider": "a", "reason": "busy"}.items())] == [2]
    assert counted["Errors", frozenset(HERE.items())] == [1]


def test_a_model_that_nobody_has_configured_is_counted_by_its_provider_only(log: io.StringIO) -> None:
    """
    Callers choose models as they like, and each value of a dimension is a metric to pay for.
    """
    tell([Attempt(Target("a", "of-my-own"), 0.1)], target="a/of-my-own")

    counted = emitted(lines(log))
    assert ("Attempts", frozenset({**HERE, "provider": "a"}.items())) in counted
    assert not any("target" in dict(by) for _, by in counted)


@pytest.mark.parametrize("error", [TargetRefused("400"), TargetNotConfigured("no key", lacks="key")])
def test_what_is_no_fault_of_the_provider_s_is_no_failure_of_it(log: io.StringIO, error: TargetError) -> None:
    """
    A caller's mistake and a target that was not asked.
    """
    tell([Attempt(A, 0.1, error)], status=400)

    assert not any(name == "AttemptFailures" for name, _ in emitted(lines(log)))


def test_nobody_was_asked_for_a_skipped_target(log: io.StringIO) -> None:
    """
    It stands in the line with its reason, and in no metric.
    """
    tell([Attempt(A, 0.0, passed_over="circuit open"), Attempt(B, 0.1)], target="b/m")

    [line] = lines(log)
    assert line["attempts"][0] == {"target": "a/m", "skipped": "circuit open"}
    assert line["Attempts"] == 1


def test_waiting_is_in_no_provider_s_latency(log: io.StringIO) -> None:
    """
    Neither is a time that nobody waited for until its end.
    """
    tell([Attempt(A, 9.0, TargetTimedOut("late")), Attempt(B, 0.1, waited=2.0)], target="b/m")

    late, answered = lines(log)
    assert "ProviderLatency" not in late
    assert (answered["ProviderLatency"], answered["PlaceWait"]) == (100.0, 2000.0)


@pytest.mark.parametrize(("status", "errors"), [(499, None), (500, 1), (503, 1)])
def test_an_error_is_ours_or_a_providers(log: io.StringIO, status: int, errors: int | None) -> None:
    """
    Not the caller's; and a request for which nobody was asked belongs to no provider.
    """
    tell(status=status)

    [line] = lines(log)
    assert line.get("Errors") == errors
    assert not {"provider", "Attempts"} & line.keys()


def test_each_metric_has_a_meaning_and_dimensions() -> None:
    """
    All of them say which stack it was.
    """
    assert all(metric.says and metric.dimensions for metric in METRICS.values())
    assert all("stack" in by for metric in METRICS.values() for by in metric.dimensions)


def test_a_bug_is_told_by_its_kind_and_place(log: io.StringIO) -> None:
    """
    And not by its words.
    """
    with pytest.raises(ZeroDivisionError) as bug:
        _ = 1 / int("0")

    observability.log_bug(bug.value, {"request_id": "r"})

    [line] = lines(log)
    assert (line["message"], line["kind"], line["request_id"]) == ("bug_found", "ZeroDivisionError", "r")
    assert "test_observability.py" in line["place"][-1]
    assert "division" not in log.getvalue()
