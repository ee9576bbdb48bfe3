"""See how batches are doing, and call one off."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

from rerank_gateway.domain.batches.batch import Batch, BatchStatus
from rerank_gateway.domain.batches.ports import BatchQueue, BatchStore, Part, Step
from rerank_gateway.domain.clock import Clock
from rerank_gateway.domain.errors import Unavailable, UnknownBatch


@dataclass(frozen=True, slots=True)
class ReadBatches:
    batches: BatchStore

    def one(self, batch_id: str, owner: str) -> Batch:
        """Raises UnknownBatch for one that never was, that has expired, or that is somebody else's: all alike."""
        batch = self.batches.find(batch_id)
        if batch is None or batch.owner != owner:
            raise UnknownBatch("there is no such batch")

        return batch

    def page(self, owner: str, part: Part) -> tuple[Sequence[Batch], bool]:
        """A part of the batches of *owner*, and whether there are more. Raises InvalidRequest behind none of them."""
        return self.batches.of_owner(owner, part)


@dataclass(frozen=True, slots=True)
class CancelBatch:
    batches: BatchStore
    queue: BatchQueue
    read: ReadBatches
    clock: Clock

    def __call__(self, batch_id: str, owner: str) -> Batch:
        """The batch as it is then: one that is at its end already stays as it is. Raises UnknownBatch."""
        batch = self.batches.cancel(self.read.one(batch_id, owner), self.clock.epoch())
        if batch.status is BatchStatus.CANCELLING:
            # Without it the batch ends as well, when the last of its chunks comes again by itself.
            with suppress(Unavailable):
                self.queue.send(batch, Step.CANCEL)

        return batch
