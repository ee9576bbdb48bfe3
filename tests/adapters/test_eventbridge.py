"""Events about jobs that have ended."""

from __future__ import annotations

import json
from typing import Any

import pytest

from rerank_gateway.adapters.aws.eventbridge import EventBridgePublisher
from rerank_gateway.domain.errors import Unavailable
from tests.job_fakes import DONE, job

ENDED = job().finished(DONE, 2000.0)


def test_an_event_that_was_not_taken_is_an_error(embedded_aws: Any) -> None:
    """
    EventBridge responds with 200 all the same; the message comes again, and with it another try.
    """

    def refuse(parsed: dict[str, Any], **_: Any) -> None:
        parsed["FailedEntryCount"] = 1

    embedded_aws("events").meta.events.register("after-call.events.PutEvents", refuse)

    with pytest.raises(Unavailable, match="did not take an event"):
        EventBridgePublisher("default").publish(ENDED)


def test_a_bus_out_of_reach_is_unavailable(embedded_aws: Any) -> None:
    """
    As is every other part of AWS that the gateway needs.
    """

    def refuse(**_: Any) -> Any:
        return type("Refused", (), {"status_code": 500})(), {"Error": {"Code": "InternalException", "Message": ""}}

    embedded_aws("events").meta.events.register("before-call.events.PutEvents", refuse)

    with pytest.raises(Unavailable, match="the event bus cannot be reached"):
        EventBridgePublisher("default").publish(ENDED)


def test_an_event_says_what_ended_how_and_when(embedded_aws: Any) -> None:
    """
    Enough to go and fetch the result, and nothing of what was ranked.
    """
    sent: list[dict[str, Any]] = []
    embedded_aws("events").meta.events.register(
        "provide-client-params.events.PutEvents", lambda params, **_: sent.append(params)
    )

    embedded_aws("events").create_event_bus(Name="bus")

    EventBridgePublisher("bus").publish(ENDED)

    [entry] = sent[0]["Entries"]
    assert (entry["EventBusName"], entry["Source"]) == ("bus", "rerank-gateway")
    assert entry["DetailType"] == "Rerank Job Completed"
    detail = json.loads(entry["Detail"])
    assert (detail["id"], detail["status"], detail["status_code"]) == ("j", "completed", 200)
    assert (detail["owner"], detail["model"]) == ("team", "local/bm25")
    assert (detail["created_at"], detail["completed_at"]) == ("1970-01-01T00:16:40.000Z", "1970-01-01T00:33:20.000Z")
