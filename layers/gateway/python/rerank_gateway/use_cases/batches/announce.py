"""Tell of a batch's end: once wherever possible, and never not at all."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass

from rerank_gateway.domain.batches.batch import Batch
from rerank_gateway.domain.batches.work import BatchEvents, BatchWork
from rerank_gateway.domain.clock import Clock
from rerank_gateway.domain.errors import Unavailable
from rerank_gateway.domain.webhooks.batch_events import end_of_batch
from rerank_gateway.domain.webhooks.ports import WebhookQueue
from rerank_gateway.use_cases.jobs.announce import ANNOUNCING_S
from rerank_gateway.use_cases.jobs.redeliver import CLOCK_SKEW_S, Redeliver


@dataclass(frozen=True, slots=True)
class AnnounceBatch:
    """Without *events* only those hear of a batch who have a webhook for it."""

    batches: BatchWork
    events: BatchEvents | None
    clock: Clock
    webhooks: WebhookQueue | None = None

    def __call__(self, batch: Batch) -> None:
        """Tell of the end of *batch*, unless that was done before. Raises Unavailable."""
        if batch.event_sent or not self._is_told(batch):
            return
        try:
            if self.events:
                self.events.publish(batch)
        finally:
            # Who waits for this is told whatever becomes of the event.
            if self.webhooks and batch.webhook:
                self.webhooks.send(end_of_batch(batch))
        # Without this it may be told twice, which is better than to have its message come again for sure.
        with suppress(Unavailable):
            self.batches.record_event(batch, self.clock.epoch())

    def for_another(self, batch: Batch) -> Redeliver | None:
        """Tell of the end of *batch* if whoever ended it has not come to it by now; otherwise, when to look again."""
        wait = (batch.ended_at or 0.0) + ANNOUNCING_S - self.clock.epoch()
        if self._is_told(batch) and not batch.event_sent and wait > 0:
            return Redeliver(wait + CLOCK_SKEW_S)
        self(batch)

        return None

    def _is_told(self, batch: Batch) -> bool:
        return bool(self.events or (self.webhooks and batch.webhook))
