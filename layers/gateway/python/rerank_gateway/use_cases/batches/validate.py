"""Look through the file of a batch before anything of it is paid for, and cut it into chunks."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass

from rerank_gateway.domain.batches.batch import Batch, BatchStatus
from rerank_gateway.domain.batches.chunks import index_key
from rerank_gateway.domain.batches.contents import Contents
from rerank_gateway.domain.batches.ports import BatchQueue, Step
from rerank_gateway.domain.batches.work import BatchEnd, BatchWork, Plan
from rerank_gateway.domain.clock import Clock
from rerank_gateway.domain.deadline import Deadline
from rerank_gateway.domain.errors import Unavailable
from rerank_gateway.use_cases.batches.finish import FinishBatch
from rerank_gateway.use_cases.batches.look_through import LookThrough, RefusedFile, refused
from rerank_gateway.use_cases.jobs.redeliver import Redeliver

MAX_VALIDATIONS = 10
"""How often a file is looked through by workers who die of it."""


@dataclass(frozen=True, slots=True)
class ValidateBatch:
    batches: BatchWork
    contents: Contents
    queue: BatchQueue
    look_through: LookThrough
    finish: FinishBatch
    clock: Clock

    def __call__(self, batch_id: str, deadline: Deadline, receive_count: int) -> Redeliver | None:
        """Have the batch be worked on, or end, before *deadline*. Raises Unavailable."""
        batch = self.batches.find(batch_id)
        if batch is None or batch.has_ended:
            return self.finish.for_another(batch_id)
        if batch.status is BatchStatus.VALIDATING:
            try:
                self._try(batch, deadline, receive_count)
            except RefusedFile as wrong:
                return self._refuse(batch, wrong)
        started = self.batches.find(batch_id) or batch
        if started.chunks:
            # Also when whoever looked it through came no further: a chunk whose message comes twice is done once.
            self.queue.send(started, Step.CHUNK, range(started.chunks))

        return None if started.chunks else self._end_without_lines(started)

    def _end_without_lines(self, batch: Batch) -> Redeliver | None:
        if batch.status is BatchStatus.CANCELLING:
            return self.finish(batch, BatchEnd(BatchStatus.CANCELLED))

        return None

    def abandon(self, batch_id: str) -> Redeliver | None:
        """End a batch whose file nobody could look through. Raises Unavailable."""
        batch = self.batches.find(batch_id)
        if batch is None or batch.has_ended or batch.chunks:
            return self.finish.for_another(batch_id)
        if batch.status is BatchStatus.CANCELLING:
            return self._end_without_lines(batch)

        return self._refuse(batch, _undoable())

    def _refuse(self, batch: Batch, wrong: RefusedFile) -> Redeliver | None:
        """End *batch* for what is wrong with its file; if it was called off meanwhile, it ends for that."""
        again = self.finish(batch, BatchEnd(BatchStatus.FAILED, errors=wrong.errors))

        return again or self._end_without_lines(self.batches.find(batch.id) or batch)

    def _try(self, batch: Batch, deadline: Deadline, receive_count: int) -> None:
        """Look through the file of *batch*, unless workers have died of it. Raises RefusedFile or Unavailable."""
        # A message is put back, too, while others are handled alone; and of several messages, as whoever asks again
        # has them sent, each has its worker.
        if min(batch.validations, receive_count - 1) >= MAX_VALIDATIONS:
            raise _undoable()
        self.batches.note_validations(batch, batch.validations + 1)
        try:
            self._plan(batch, deadline)
        except Unavailable:
            # Nobody has died of it.
            with suppress(Unavailable):
                self.batches.note_validations(batch, batch.validations)
            raise

    def _plan(self, batch: Batch, deadline: Deadline) -> None:
        content, found = self.look_through(batch, deadline)
        self.contents.put(index_key(batch.id), bytes(found.cutter.index))
        plan = Plan(content, found.total, found.cutter.chunks, tuple(found.errors))
        self.batches.start(batch, plan, self.clock.epoch())


def _undoable() -> RefusedFile:
    return refused("file_undoable", "no worker could look through the file, however often it was tried")
