"""Take a batch on: keep it, then have its file looked through."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass

from rerank_gateway.domain.batches.batch import Batch, BatchStatus, idempotent_batch_id, new_batch_id
from rerank_gateway.domain.batches.files import Purpose
from rerank_gateway.domain.batches.ports import BatchQueue, BatchStore, Step
from rerank_gateway.domain.batches.requests import BatchRequest
from rerank_gateway.domain.clock import Clock
from rerank_gateway.domain.errors import IdempotencyConflict, InvalidRequest, Unavailable, UnknownFile
from rerank_gateway.domain.keys import VirtualKey
from rerank_gateway.use_cases.batches.files import ReadFiles


@dataclass(frozen=True, slots=True)
class SubmitBatch:
    batches: BatchStore
    queue: BatchQueue
    read_files: ReadFiles
    clock: Clock

    def __call__(self, request: BatchRequest, key: VirtualKey, idempotency_key: str | None) -> Batch:
        """
        The batch of *key* that *request* asks for: a new one, or the one that came with the same *idempotency_key*.

        Raises InvalidRequest, IdempotencyConflict, or Unavailable when it could not be queued.
        """
        self._must_have_requests(request.input_file_id, key)
        batch = self._batch(request, key, idempotency_key)
        kept = self.batches.add(batch)
        if _asked_for(kept) != _asked_for(batch):
            raise IdempotencyConflict("this Idempotency-Key was used with another body")
        # Also one that was here before: whoever kept it may have died before it was queued. A worker that gets the
        # message twice looks twice.
        if kept.status is BatchStatus.VALIDATING:
            self._queue(kept, shared=idempotency_key is not None)

        return kept

    def _must_have_requests(self, file_id: str, key: VirtualKey) -> None:
        try:
            file = self.read_files.one(file_id, key.id)
        except UnknownFile:
            raise InvalidRequest("input_file_id: there is no such file", param="input_file_id") from None
        if file.purpose is not Purpose.BATCH:
            raise InvalidRequest("input_file_id must be of a file whose purpose is batch", param="input_file_id")

    def _batch(self, request: BatchRequest, key: VirtualKey, idempotency_key: str | None) -> Batch:
        now = self.clock.epoch()

        return Batch(
            id=idempotent_batch_id(key.id, idempotency_key) if idempotency_key else new_batch_id(),
            owner=key.id,
            models=key.models,
            input_file_id=request.input_file_id,
            created_at=now,
            deadline=now + request.window,
            results_ttl=request.results_ttl,
            params=request.params,
            metadata=request.metadata,
            webhook=request.webhook,
        )

    def _queue(self, batch: Batch, *, shared: bool) -> None:
        try:
            self.queue.send(batch, Step.VALIDATE)
        except Unavailable:
            # One that others can come by with the same key may be queued by one of them at this very moment.
            if not shared:
                with suppress(Unavailable):
                    self.batches.forget(batch)
            raise


def _asked_for(batch: Batch) -> BatchRequest:
    """What the body of its request said, which its webhook is no part of: that is a header's, or the key's own."""
    return BatchRequest(
        input_file_id=batch.input_file_id,
        window=round(batch.deadline - batch.created_at),
        results_ttl=batch.results_ttl,
        params=batch.params,
        metadata=batch.metadata,
    )
