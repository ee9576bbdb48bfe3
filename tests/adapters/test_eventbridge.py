"""Events about jobs that have ended."""

from __future__ import annotations

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
