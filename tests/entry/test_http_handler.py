"""From an API Gateway event to a response, with routes of the tests' own."""

from __future__ import annotations

import json
import logging
from typing import Any

import pytest

from rerank_gateway.apis.shared import bifrost_error
from rerank_gateway.entry.http.handler import RESPONSE_RESERVE_S, HttpHandler
from rerank_gateway.entry.http.request import HttpRequest
from rerank_gateway.entry.http.response import HttpResponse
from rerank_gateway.entry.http.route import Route
from tests.fakes import FakeClock, FakeContext, FakeInvocation

EVENT = {"routeKey": "GET /", "requestContext": {"requestId": "r"}}


def test_a_part_of_the_time_is_kept_for_the_response() -> None:
    """
    The deadline is Lambda's, less what it takes to write an answer: it would be cut off otherwise.
    """
    clock, deadlines = FakeClock(), []

    def respond(request: HttpRequest) -> HttpResponse:
        deadlines.append(request.deadline.at)
        return HttpResponse(200, {})

    HttpHandler({"GET /": Route(respond, lambda _: bifrost_error)}, FakeInvocation(clock))(EVENT, FakeContext(2_000))

    assert deadlines == [pytest.approx(clock.now() + 2.0 - RESPONSE_RESERVE_S)]
    assert RESPONSE_RESERVE_S >= 0.3


@pytest.mark.parametrize(
    ("waited", "left"),
    [
        pytest.param(0.0, 28.7, id="none"),
        pytest.param(0.4, 28.7, id="little: Lambda's time is shorter"),
        pytest.param(6.0, 23.2, id="a cold start"),
        pytest.param(29.0, 0.2, id="almost all"),
        pytest.param(-5.0, 28.7, id="clocks differ"),
        pytest.param(86_400.0, 28.7, id="an event of yesterday"),
    ],
)
def test_the_time_that_a_cold_start_took_is_gone(waited: float, left: float) -> None:
    """
    API Gateway counts from when it took the request: an answer that comes after its 30 seconds is a 503 of its own.
    """
    clock = FakeClock(1_800_000_000.0)
    context = {"requestId": "r", "timeEpoch": int((clock.epoch() - waited) * 1000)}

    assert time_left({**EVENT, "requestContext": context}, clock) == pytest.approx(left, abs=0.01)


@pytest.mark.parametrize("taken", [None, "1800000000000", 1_800_000_000, -1, float("nan"), float("inf"), True, {}])
def test_a_time_that_cannot_be_is_none(taken: object) -> None:
    """
    `sam local` counts in seconds, and other senders may write what they like.
    """
    context = {"requestId": "r", "timeEpoch": taken}

    assert time_left({**EVENT, "requestContext": context}, FakeClock(1_800_000_000.0)) == pytest.approx(28.7)


def time_left(event: dict[str, Any], clock: FakeClock) -> float:
    """Seconds that a route has for *event*."""
    left = []

    def respond(request: HttpRequest) -> HttpResponse:
        left.append(request.deadline.remaining())
        return HttpResponse(200, {})

    HttpHandler({"GET /": Route(respond, lambda _: bifrost_error)}, FakeInvocation(clock))(event, FakeContext(29_000))

    return left[0]


@pytest.mark.parametrize("content", [{"é": [1.5, None]}, '{"é":[1.5,null]}'.encode()], ids=["value", "bytes"])
def test_content_is_json_or_becomes_it(content: object) -> None:
    """
    What is JSON already is sent as it is, with the same headers.
    """
    route = Route(lambda _: HttpResponse(200, content), lambda _: bifrost_error)

    assert HttpHandler({"GET /": route}, FakeInvocation())(EVENT, FakeContext()) == {
        "statusCode": 200,
        "headers": {"content-type": "application/json", "x-request-id": "r"},
        "body": '{"é":[1.5,null]}',
        "isBase64Encoded": False,
    }


def test_a_bug_is_a_500_that_says_nothing(caplog: pytest.LogCaptureFixture) -> None:
    """
    Our own mistakes get a request id and a log line with their place, and quote nobody.
    """

    def broken(_: HttpRequest) -> HttpResponse:
        raise RuntimeError("green apples")

    with caplog.at_level(logging.ERROR):
        response = HttpHandler({"GET /": Route(broken, lambda _: bifrost_error)}, FakeInvocation())(
            EVENT, FakeContext()
        )

    logged = str([vars(record) for record in caplog.records])
    assert response["statusCode"] == 500
    assert json.loads(response["body"])["event_id"] == "r"
    assert "apples" not in response["body"] + logged
    assert "test_http_handler.py" in logged
