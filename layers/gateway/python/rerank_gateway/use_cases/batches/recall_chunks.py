"""Have the chunks of a batch that was called off come at once, however long they were put back for."""

from __future__ import annotations

from dataclasses import dataclass

from rerank_gateway.domain.batches.batch import BatchStatus
from rerank_gateway.domain.batches.ports import BatchQueue, Step
from rerank_gateway.domain.batches.work import BatchWork


@dataclass(frozen=True, slots=True)
class RecallChunks:
    batches: BatchWork
    queue: BatchQueue

    def __call__(self, batch_id: str) -> None:
        """Queue those whose lines have not all ended. Done twice, it does no harm. Raises Unavailable."""
        batch = self.batches.find(batch_id)
        if batch is None or batch.status is not BatchStatus.CANCELLING:
            return
        if not batch.chunks:
            # Whether its file has not been looked through yet, or nobody was ever told to.
            self.queue.send(batch, Step.VALIDATE)
            return
        finished = {chunk.number for chunk in self.batches.chunks(batch_id) if chunk.is_finished}
        self.queue.send(batch, Step.CHUNK, [number for number in range(batch.chunks) if number not in finished])
