"""A caller's trace goes all the way: to providers, through the queue, into the log."""

from __future__ import annotations

import io
import json

import pytest

from rerank_gateway.entry import observability
from tests.functions.account import Account
from tests.functions.conftest import Configure
from tests.functions.gateway import LEAST, rerank
from tests.functions.provider import COHERE, pointed_at
from tests.upstream import says, upstream

ID = "4bf92f3577b34da6a3ce929d0e0e4736"
PARENT = f"00-{ID}-00f067aa0ba902b7-01"
TRACED = {"traceparent": PARENT, "tracestate": "congo=t61rcWkgMzE", "baggage": "query=secret"}
XRAY = "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1"


@pytest.fixture
def log(monkeypatch: pytest.MonkeyPatch) -> io.StringIO:
    monkeypatch.setattr(observability.logger.registered_handler, "stream", log := io.StringIO())

    return log


def test_a_provider_gets_the_callers_trace(configure: Configure, log: io.StringIO) -> None:
    """
    And the log line has its id. Baggage, which may hold anything, stays here.
    """
    with upstream(says(COHERE)) as provider:
        configure(GATEWAY_CONFIG=pointed_at(provider), COHERE_API_KEY="k")
        rerank(model="cohere/rerank-v3.5", headers=TRACED)

    [question] = provider.questions
    assert (question.headers["traceparent"], question.headers["tracestate"]) == (PARENT, "congo=t61rcWkgMzE")
    assert "baggage" not in question.headers
    assert json.loads(log.getvalue())["trace_id"] == ID


def test_without_a_callers_trace_it_is_x_rays(
    configure: Configure, log: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    """
    Under one id in X-Ray, in the log and at the provider.
    """
    monkeypatch.setenv("_X_AMZN_TRACE_ID", XRAY)
    with upstream(says(COHERE)) as provider:
        configure(GATEWAY_CONFIG=pointed_at(provider), COHERE_API_KEY="k")
        rerank(model="cohere/rerank-v3.5", headers={"traceparent": "nonsense"})

    line = json.loads(log.getvalue())
    assert provider.questions[0].headers["traceparent"] == "00-5759e988bd862e3fe1be46a994272793-53995c3f42cd8ad8-01"
    assert line["xray_trace_id"] == "1-5759e988-bd862e3fe1be46a994272793"
    assert line["trace_id"] == "5759e988bd862e3fe1be46a994272793"


def test_a_job_carries_it_through_the_queue(account: Account, configure: Configure, log: io.StringIO) -> None:
    """
    To the provider that the worker asks, and into the worker's log line.
    """
    with upstream(says(COHERE)) as provider:
        configure(GATEWAY_CONFIG=pointed_at(provider), COHERE_API_KEY="k")
        job_id = account.submit(LEAST | {"model": "cohere/rerank-v3.5"}, TRACED).json["id"]
        account.work()

    lines = [json.loads(line) for line in log.getvalue().splitlines()]
    [tried] = [line for line in lines if line["message"] == "job_tried"]
    assert provider.questions[0].headers["traceparent"] == PARENT
    assert (tried["job"], tried["trace_id"], tried["documents"]) == (job_id, ID, 3)
    assert tried["queued_ms"] >= 0
