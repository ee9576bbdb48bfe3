"""What a worker on batches gets to do."""

from __future__ import annotations

from dataclasses import dataclass

from rerank_gateway.domain.batches.contents import Content
from rerank_gateway.domain.batches.ports import Step


@dataclass(frozen=True, slots=True)
class Drop:
    """An object that somebody put into the bucket, to be a batch. *arrival* differs for each time that it was put."""

    content: Content
    arrival: str = ""


@dataclass(frozen=True, slots=True)
class BatchMessage:
    """What a worker gets: a *step* of a batch, or else *drops*. *receive_count* counts from 1."""

    id: str
    receive_count: int
    batch_id: str = ""
    step: Step | None = None
    chunk: int = 0
    drops: tuple[Drop, ...] = ()
