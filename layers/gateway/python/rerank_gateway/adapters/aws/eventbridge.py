"""Events about jobs that have ended, on EventBridge."""

from __future__ import annotations

import json
from dataclasses import dataclass

from rerank_gateway.adapters.aws.json_api import AwsJsonApi
from rerank_gateway.domain.errors import Unavailable
from rerank_gateway.domain.jobs.end import end_facts
from rerank_gateway.domain.jobs.job import Job, Status
from rerank_gateway.domain.jobs.ports import EventPublisher

BUS = "the event bus"
SOURCE = "rerank-gateway"
DETAIL_TYPES = {Status.COMPLETED: "Rerank Job Completed", Status.FAILED: "Rerank Job Failed"}


@dataclass(frozen=True, slots=True)
class EventBridgePublisher(EventPublisher):
    """*stack* is the name by which those who listen tell one gateway from another."""

    bus: str
    events: AwsJsonApi
    stack: str = "local"

    def publish(self, job: Job) -> None:
        """Send a thin event: which job ended and how, and not what was ranked."""
        detail = json.dumps({"stack": self.stack, **end_facts(job)})
        put_event(self.events, self.bus, DETAIL_TYPES[job.status], detail)


def put_event(events: AwsJsonApi, bus: str, detail_type: str, detail: str) -> None:
    """Send an event of the gateway's. Raises Unavailable."""
    entry = {"EventBusName": bus, "Source": SOURCE, "DetailType": detail_type, "Detail": detail}
    answer = events.call("PutEvents", {"Entries": [entry]})
    if answer["FailedEntryCount"]:
        raise Unavailable("the event bus did not take an event")
