"""What is told of a batch's end."""

from __future__ import annotations

from rerank_gateway.domain.batches.batch import Batch, BatchStatus
from rerank_gateway.domain.batches.end import end_facts
from rerank_gateway.domain.webhooks.events import EventType, WebhookEvent, WebhookMessage

TYPES = {
    BatchStatus.COMPLETED: EventType.BATCH_COMPLETED,
    BatchStatus.FAILED: EventType.BATCH_FAILED,
    BatchStatus.EXPIRED: EventType.BATCH_EXPIRED,
    BatchStatus.CANCELLED: EventType.BATCH_CANCELLED,
}


def end_of_batch(batch: Batch) -> WebhookMessage:
    """The message about a *batch* that has ended for its webhook: how it ended, and not with what."""
    ended = batch.ended_at or batch.created_at

    return WebhookMessage(batch.webhook, WebhookEvent(TYPES[batch.status], batch.id, ended, end_facts(batch)))
