"""The log line of a batch's end."""

from __future__ import annotations

from typing import Any

from rerank_gateway.domain.batches.batch import Batch, BatchStatus
from rerank_gateway.entry import observability

COUNTED = {
    BatchStatus.COMPLETED: "BatchesCompleted",
    BatchStatus.FAILED: "BatchesFailed",
    BatchStatus.EXPIRED: "BatchesExpired",
    BatchStatus.CANCELLED: "BatchesCancelled",
}


def log_batch(batch: Batch) -> None:
    """How *batch* has ended: whose it was, its lines, and the seconds since it was made."""
    lines, seconds = batch.counts, (batch.ended_at or batch.created_at) - batch.created_at
    fields: dict[str, Any] = {
        "batch": batch.id,
        "key": batch.owner,
        "status": batch.status,
        "lines": lines.total,
        "completed": lines.completed,
        "failed": lines.failed,
        "seconds": round(seconds, 1),
    }
    if batch.status is BatchStatus.FAILED and batch.errors:
        fields["error"] = batch.errors[0].code
    observability.log_done("batch_ended", fields, {COUNTED[batch.status]: 1})
