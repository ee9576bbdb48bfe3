"""What stands in a log line beside the event itself."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from rerank_gateway.domain.attempt import Attempt
from rerank_gateway.domain.errors import TargetFailed
from rerank_gateway.domain.target import Target
from rerank_gateway.entry import observability
from tests.fakes import FakeContext

EVENT = {"status": 200, "ms": 1.0}
FIRST_TWO = """
from rerank_gateway.domain.attempt import Attempt
from rerank_gateway.domain.errors import TargetFailed
from rerank_gateway.domain.target import Target
from rerank_gateway.entry import observability
from tests.fakes import FakeContext
for _ in range(2):
    observability.bind_invocation(FakeContext())
    observability.log_event("request_answered", {"status": 200, "ms": 1.0})
"""


@pytest.fixture
def log(monkeypatch: pytest.MonkeyPatch) -> io.StringIO:
    monkeypatch.setattr(observability.logger.registered_handler, "stream", log := io.StringIO())

    return log


def lines(log: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in log.splitlines()]


def test_a_line_says_which_invocation_wrote_it(log: io.StringIO) -> None:
    """
    Under Powertools' own names, so that its users' queries find them; the latest invocation counts.
    """
    for request_id in ("r-1", "r-2"):
        observability.bind_invocation(FakeContext(aws_request_id=request_id))
        observability.log_event("request_answered", EVENT)

    first, second = lines(log.getvalue())
    assert (first["function_request_id"], second["function_request_id"]) == ("r-1", "r-2")
    assert second["function_name"] == "gateway-function"
    assert second["function_arn"].endswith(":function:gateway-function")
    assert second["function_memory_size"] == 1769
    assert (second["service"], second["message"], second["status"]) == ("rerank-gateway", "request_answered", 200)


def test_it_holds_for_all_threads(log: io.StringIO) -> None:
    """
    A worker's jobs run in threads that the invocation starts later.
    """
    observability.bind_invocation(FakeContext(aws_request_id="batch"))

    with ThreadPoolExecutor(1) as pool:
        pool.submit(observability.log_event, "job_tried", EVENT).result()

    assert lines(log.getvalue())[0]["function_request_id"] == "batch"


def test_only_the_first_invocation_is_a_cold_start() -> None:
    """
    An operator sees which requests waited for a new environment.
    """
    ran = subprocess.run([sys.executable, "-c", FIRST_TWO], capture_output=True, text=True, check=True)

    assert [line["cold_start"] for line in lines(ran.stdout)] == [True, False]


A, B = Target("a", "m"), Target("b", "m")


def test_a_line_has_its_metrics(log: io.StringIO) -> None:
    """
    By who answered, who stands last among the attempts, with the time that all of them took.
    """
    attempts = [Attempt(A, 0.25, TargetFailed("down")), Attempt(B, 0.5)]

    observability.log_event("request_answered", {"status": 200, "ms": 800.0}, attempts)

    [line] = lines(log.getvalue())
    metrics = {
        name: line[name] for name in ("provider", "Requests", "Failures", "Attempts", "UpstreamLatency", "Latency")
    }
    assert metrics == {
        "provider": "b",
        "Requests": 1,
        "Failures": 0,
        "Attempts": 2,
        "UpstreamLatency": 750.0,
        "Latency": 800.0,
    }
    [directive] = line["_aws"]["CloudWatchMetrics"]
    assert directive["Namespace"] == "RerankGateway"
    assert {metric["Name"] for metric in directive["Metrics"]} == metrics.keys() - {"provider"}


@pytest.mark.parametrize(("status", "failures"), [(499, 0), (500, 1), (503, 1)])
def test_a_failure_is_ours_or_a_providers(log: io.StringIO, status: int, failures: int) -> None:
    """
    Not the caller's.
    """
    observability.log_event("request_answered", {"status": status, "ms": 1.0})

    [line] = lines(log.getvalue())
    assert (line["Failures"], line["provider"], line["Attempts"]) == (failures, "none", 0)


def test_a_bug_is_told_by_its_kind_and_place(log: io.StringIO) -> None:
    """
    And not by its words.
    """
    with pytest.raises(ZeroDivisionError) as bug:
        _ = 1 / int("0")

    observability.log_bug(bug.value, {"request_id": "r"})

    [line] = lines(log.getvalue())
    assert (line["message"], line["kind"], line["request_id"]) == ("bug_found", "ZeroDivisionError", "r")
    assert "test_observability.py" in line["place"][-1]
    assert "division" not in log.getvalue()
