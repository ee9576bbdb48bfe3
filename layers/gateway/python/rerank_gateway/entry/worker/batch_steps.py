"""The step of a batch that a message asks for."""

from __future__ import annotations

from concurrent.futures import Executor
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rerank_gateway.domain.batches.messages import BatchMessage
from rerank_gateway.domain.batches.ports import Step
from rerank_gateway.domain.batches.work import ExecuteLine
from rerank_gateway.entry import observability
from rerank_gateway.use_cases.batches.abandon_chunk import AbandonChunk
from rerank_gateway.use_cases.batches.chunk_run import WorkTime
from rerank_gateway.use_cases.jobs.redeliver import Redeliver

if TYPE_CHECKING:
    from rerank_gateway.entry.worker.batch_services import BatchServices


@dataclass(frozen=True, slots=True)
class BatchSteps:
    """What is done with the messages of one event: the lines of all of their chunks run side by side in *pool*."""

    services: BatchServices
    execute: ExecuteLine
    pool: Executor
    time: WorkTime

    def __call__(self, message: BatchMessage, *, is_dead: bool) -> Redeliver | None:
        """Do what *message* says. Raises Unavailable."""
        for drop in message.drops:
            if not self.services.take_drop(drop):
                observability.log_warning("drop_refused", {"owner": drop.content.key.split("/")[2][:100]})
        if is_dead:
            return self._abandon(message)
        match message.step:
            case Step.VALIDATE:
                return self.services.validate_batch(message.batch_id, self.time.deadline, message.receive_count)
            case Step.FINALIZE:
                return self.services.finalize_batch(self.pool)(message.batch_id)
            case Step.CHUNK:
                return self.services.run_chunk(self.pool, self.execute)(message, self.time)
            case Step.CANCEL:
                self.services.recall_chunks(message.batch_id)

        return None

    def _abandon(self, message: BatchMessage) -> Redeliver | None:
        """End what nobody could do; a dead message about finalizing is tried for as long as it is there."""
        if message.step is Step.CHUNK:
            return self._abandon_chunk(message)
        _tell_of_abandoned(message)
        match message.step:
            case Step.VALIDATE:
                return self.services.validate_batch.abandon(message.batch_id)
            case Step.FINALIZE:
                return self.services.finalize_batch(self.pool)(message.batch_id)

        return None

    def _abandon_chunk(self, message: BatchMessage) -> Redeliver | None:
        abandon = AbandonChunk(self.services.run_chunk(self.pool, self.execute))
        batch = abandon.batch_to_end(message)
        if batch is None:
            return None
        _tell_of_abandoned(message)

        return abandon(batch, message, self.time)


def _tell_of_abandoned(message: BatchMessage) -> None:
    fields = {"batch": message.batch_id, "step": message.step}
    observability.log_warning("batch_step_abandoned", fields, {"BatchStepsAbandoned": 1})
