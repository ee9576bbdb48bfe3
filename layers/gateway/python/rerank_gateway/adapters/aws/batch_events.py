"""Events about batches that have ended, on EventBridge."""

from __future__ import annotations

import json
from dataclasses import dataclass

from rerank_gateway.adapters.aws.eventbridge import put_event
from rerank_gateway.adapters.aws.json_api import AwsJsonApi
from rerank_gateway.domain.batches.batch import Batch, BatchStatus
from rerank_gateway.domain.batches.end import end_facts
from rerank_gateway.domain.batches.work import BatchEvents

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
        detail = json.dumps({"stack": self.stack, **end_facts(batch)})
        put_event(self.events, self.bus, DETAIL_TYPES[batch.status], detail)
