"""Have the lines of a chunk end whose message nobody could deal with."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass

from rerank_gateway.domain.batches.work import BatchMessage
from rerank_gateway.use_cases.batches.chunk_run import ABANDONED, ChunkRun, LostLease, WorkTime
from rerank_gateway.use_cases.batches.run_chunk import RunChunk
from rerank_gateway.use_cases.jobs.redeliver import Redeliver


@dataclass(frozen=True, slots=True)
class AbandonChunk:
    run: RunChunk

    def __call__(self, message: BatchMessage, time: WorkTime) -> Redeliver | None:
        """End the lines of a dead *message* that have not ended. Raises Unavailable."""
        work = self.run.work
        batch = work.batches.find(message.batch_id)
        if batch is None or batch.has_ended:
            return None
        state = self.run.claim(message, time)
        if state is None:
            return self.run.not_ours(batch, message)
        with suppress(LostLease):
            dead = ChunkRun(work, batch, state, time, work.lines(batch, state))
            dead.end_undone(ABANDONED, dead.undone)

        return self.run.not_ours(batch, message)
