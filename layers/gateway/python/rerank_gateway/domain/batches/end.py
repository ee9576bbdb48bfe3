"""What is told of a batch's end, to whoever listens."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from rerank_gateway.domain.batches.batch import Batch
from rerank_gateway.domain.jobs.job import rfc3339
from rerank_gateway.domain.spending.limits import to_usd


def end_facts(batch: Batch) -> dict[str, Any]:
    """Which *batch* ended and how, and not what was ranked."""
    return {
        "id": batch.id,
        "status": batch.status,
        "owner": batch.owner,
        "request_counts": asdict(batch.counts),
        "cost": to_usd(batch.cost),
        "output_file_id": batch.output_file_id,
        "error_file_id": batch.error_file_id,
        "created_at": rfc3339(batch.created_at),
        "ended_at": rfc3339(batch.ended_at or batch.created_at),
    }
