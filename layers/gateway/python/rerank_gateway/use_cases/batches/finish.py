"""End a batch and tell of it."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass

from rerank_gateway.domain.batches.batch import Batch
from rerank_gateway.domain.batches.contents import Contents
from rerank_gateway.domain.batches.results import ERRORS, OUTPUT, dropped_key
from rerank_gateway.domain.batches.work import BatchEnd, BatchWork
from rerank_gateway.domain.clock import Clock
from rerank_gateway.domain.spending.limits import to_usd
from rerank_gateway.use_cases.batches.announce import AnnounceBatch
from rerank_gateway.use_cases.jobs.redeliver import Redeliver


@dataclass(frozen=True, slots=True)
class FinishBatch:
    """*log* tells the operator, once at most; all others are told of an end by *announce*."""

    batches: BatchWork
    contents: Contents
    announce: AnnounceBatch
    clock: Clock
    log: Callable[[Batch], None]

    def __call__(self, batch: Batch, end: BatchEnd) -> Redeliver | None:
        """Record the *end* of *batch*, and tell of it. Raises Unavailable."""
        ended = self.batches.end(batch, end, self.clock.epoch())
        if ended is None:
            return self.for_another(batch.id)
        self.log(ended)
        self._tell(ended)

        return None

    def for_another(self, batch_id: str) -> Redeliver | None:
        """The same for a batch that may have ended: whoever ended it may have died before it was told."""
        there = self.batches.find(batch_id)
        if there is None or there.event_sent or not there.has_ended:
            return None
        self._report(there)

        return self.announce.for_another(there)

    def _tell(self, ended: Batch) -> None:
        self._report(ended)
        self.announce(ended)

    def _report(self, batch: Batch) -> None:
        """
        Where it came as an object of S3, write beside its results how it has ended, and leave nothing there that came
        of an object which had its name before.
        """
        if not batch.output or is_superseded(batch, self.contents):
            return
        for name, file_id in ((OUTPUT, batch.output_file_id), (ERRORS, batch.error_file_id)):
            if file_id is None:
                self.contents.remove(dropped_key(batch.output, name))
        report = {
            "id": batch.id,
            "status": batch.status,
            "request_counts": asdict(batch.counts),
            "cost": to_usd(batch.cost),
            "errors": [asdict(error) for error in batch.errors],
        }
        self.contents.put(f"{batch.output}.batch.json", json.dumps(report).encode())


def is_superseded(batch: Batch, contents: Contents) -> bool:
    """Whether another object is by now where that of *batch* was. Raises Unavailable."""
    there = contents.find(batch.input_key) if batch.output else None

    return there is not None and there.etag != batch.input_etag
