"""What stands in a log line beside the event itself."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from rerank_gateway.entry import observability
from tests.fakes import FakeContext

EVENT = {"status": 200, "ms": 1.0}
FIRST_TWO = """
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
