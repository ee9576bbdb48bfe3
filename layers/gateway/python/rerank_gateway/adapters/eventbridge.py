"""Events for whoever waits for jobs to end."""

from __future__ import annotations

import json
from dataclasses import dataclass

from rerank_gateway.adapters import aws
from rerank_gateway.domain.errors import Unavailable
from rerank_gateway.domain.job_ports import Announcer
from rerank_gateway.domain.jobs import Job, Status, rfc3339

SOURCE = "rerank-gateway"
KINDS = {Status.COMPLETED: "Rerank Job Completed", Status.FAILED: "Rerank Job Failed"}


@dataclass(frozen=True, slots=True)
class EventBridge(Announcer):
    bus: str

    def announce(self, job: Job) -> None:
        """Send a thin event: what ended and how, and not what was ranked."""
        entry = {
            "EventBusName": self.bus,
            "Source": SOURCE,
            "DetailType": KINDS[job.status],
            "Detail": json.dumps(_detail(job)),
        }
        with aws.within_reach("the event bus"):
            answer = aws.client("events").put_events(Entries=[entry])
        if answer["FailedEntryCount"]:
            raise Unavailable("the event bus did not take an event")


def _detail(job: Job) -> dict[str, str | int | None]:
    return {
        "id": job.id,
        "status": job.status,
        "status_code": job.outcome.status_code if job.outcome else None,
        "owner": job.owner,
        "model": job.outcome.model if job.outcome else None,
        "created_at": rfc3339(job.created_at),
        "completed_at": rfc3339(job.completed_at or job.created_at),
    }
