"""Events about batches that have ended, on EventBridge."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass

from rerank_gateway.adapters.aws.eventbridge import put_event
from rerank_gateway.adapters.aws.json_api import AwsJsonApi
from rerank_gateway.domain.batches.batch import Batch, BatchStatus
from rerank_gateway.domain.batches.work import BatchEvents
from rerank_gateway.domain.jobs.job import rfc3339

DETAIL_TYPES = {
    BatchStatus.COMPLETED: "Rerank Batch Completed",
    BatchStatus.FAILED: "Rerank Batch Failed",
    BatchStatus.EXPIRED: "Rerank Batch Expired",
    BatchStatus.CANCELLED: "Rerank Batch Cancelled",
}


@dataclass(frozen=True, slots=True)
class EventBridgeBatches(BatchEvents):
    """*stack* is the name by which those who listen tell one gateway from another."""

    bus: str
    events: AwsJsonApi
    stack: str = "local"

    def publish(self, batch: Batch) -> None:
        """Send a thin event: which batch ended and how, and not what was ranked."""
        detail = {
            "stack": self.stack,
            "id": batch.id,
            "status": batch.status,
            "owner": batch.owner,
            "request_counts": asdict(batch.counts),
            "output_file_id": batch.output_file_id,
            "error_file_id": batch.error_file_id,
            "created_at": rfc3339(batch.created_at),
            "ended_at": rfc3339(batch.ended_at or batch.created_at),
        }
        put_event(self.events, self.bus, DETAIL_TYPES[batch.status], json.dumps(detail))
