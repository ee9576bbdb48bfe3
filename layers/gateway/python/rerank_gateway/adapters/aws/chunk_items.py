"""Chunks of batches as DynamoDB's items."""

from __future__ import annotations

from rerank_gateway.adapters.aws.batch_items import Item, float_of, int_of, text_of
from rerank_gateway.domain.batches.chunks import ChunkState
from rerank_gateway.domain.jobs.job import Lease

CHUNK = "chunk#"
"""What the part of a chunk's item begins with."""


def part_of(number: int) -> str:
    """With zeros before it, so that they are in order."""
    return f"{CHUNK}{number:06}"


def to_chunk(item: Item) -> ChunkState:
    lease = Lease(text_of(item, "holder"), float_of(item, "lease_until")) if "lease_until" in item else None

    return ChunkState(
        batch_id=text_of(item, "id"),
        number=int(text_of(item, "part").removeprefix(CHUNK)),
        lease=lease,
        done=int_of(item, "done"),
        parts=tuple(each["S"] for each in item["parts"]["L"]) if "parts" in item else (),
        claims=int_of(item, "claims"),
        stalls=int_of(item, "stalls"),
        is_finished="finished_at" in item,
    )
