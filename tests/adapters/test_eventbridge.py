"""Events about jobs that have ended."""

from __future__ import annotations

import json
from typing import Any

import pytest

from rerank_gateway.adapters.aws.eventbridge import BUS, EventBridgePublisher
from rerank_gateway.adapters.aws.json_api import EVENTBRIDGE
from rerank_gateway.domain.errors import Unavailable
from tests.embedded_aws import aws_api
from tests.job_fakes import DONE, job
from tests.upstream import Answer, Upstream, says, upstream

ENDED = job().finished(DONE, 2000.0)
TAKEN = {"FailedEntryCount": 0, "Entries": [{"EventId": "1"}]}


def publish(monkeypatch: pytest.MonkeyPatch, answer: Answer) -> Upstream:
    """Tell of ENDED on the bus "bus", where EventBridge gives this *answer*; what it was asked."""
    with upstream(answer) as eventbridge:
        monkeypatch.setenv("AWS_ENDPOINT_URL_EVENTBRIDGE", eventbridge.url)
        EventBridgePublisher("bus", aws_api(EVENTBRIDGE, what=BUS)).publish(ENDED)

    return eventbridge


def test_an_event_that_was_not_taken_is_an_error(embedded_aws: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """
    EventBridge responds with 200 all the same; the message comes again, and with it another try.
    """
    with pytest.raises(Unavailable, match="did not take an event"):
        publish(monkeypatch, says({"FailedEntryCount": 1, "Entries": [{"ErrorCode": "InternalFailure"}]}))


def test_a_bus_out_of_reach_is_unavailable(embedded_aws: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """
    As is every other part of AWS that the gateway needs.
    """
    with pytest.raises(Unavailable, match="the event bus cannot be reached"):
        publish(monkeypatch, says({"__type": "InternalException"}, 500))


def test_an_event_says_what_ended_how_and_when(embedded_aws: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """
    Enough to go and fetch the result, and nothing of what was ranked.
    """
    eventbridge = publish(monkeypatch, says(TAKEN))

    [question] = eventbridge.questions
    [entry] = question.json["Entries"]
    assert question.headers["x-amz-target"] == "AWSEvents.PutEvents"
    assert (entry["EventBusName"], entry["Source"]) == ("bus", "rerank-gateway")
    assert entry["DetailType"] == "Rerank Job Completed"
    detail = json.loads(entry["Detail"])
    assert (detail["id"], detail["status"], detail["status_code"]) == ("j", "completed", 200)
    assert (detail["owner"], detail["model"]) == ("team", "local/bm25")
    assert (detail["created_at"], detail["completed_at"]) == ("1970-01-01T00:16:40.000Z", "1970-01-01T00:33:20.000Z")
