"""What becomes of a chunk whose message SQS has given up."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass

from rerank_gateway.domain.batches.batch import Batch, BatchStatus
from rerank_gateway.domain.batches.messages import BatchMessage
from rerank_gateway.domain.batches.ports import Step
from rerank_gateway.use_cases.batches.chunk_run import ABANDONED, LostLease, WorkTime
from rerank_gateway.use_cases.batches.run_chunk import RunChunk
from rerank_gateway.use_cases.jobs.redeliver import Redeliver


@dataclass(frozen=True, slots=True)
class AbandonChunk:
    run: RunChunk

    def batch_to_end(self, message: BatchMessage) -> Batch | None:
        """
        The batch of a dead *message*, none of whose lines are tried any more. None where it has ended, or has time
        left: then the message was put back hundreds of times, as it is within hours while a provider has few places,
        and is queued once more. Raises Unavailable.
        """
        work = self.run.work
        batch = work.batches.find(message.batch_id)
        if batch is None or batch.has_ended:
            return None
        if batch.status is BatchStatus.IN_PROGRESS and work.clock.epoch() < batch.deadline:
            self.run.queue.send(batch, Step.CHUNK, (message.chunk,))
            return None

        return batch

    def __call__(self, batch: Batch, message: BatchMessage, time: WorkTime) -> Redeliver | None:
        """End the lines of a dead *message* that have not ended in time. Raises Unavailable."""
        dead = self.run.begin(batch, message, time)
        if dead is None:
            return self.run.not_ours(batch, message)
        with suppress(LostLease):
            dead.end_undone(dead.why_ended or ABANDONED, dead.undone)

        return self.run.not_ours(batch, message)
