"""Tell of a batch's end."""

from __future__ import annotations

from dataclasses import dataclass

from rerank_gateway.domain.batches.batch import Batch
from rerank_gateway.domain.webhooks.batch_events import end_of_batch
from rerank_gateway.domain.webhooks.events import WebhookMessage
from rerank_gateway.use_cases.jobs.announce_end import AnnounceEnd


@dataclass(frozen=True, slots=True)
class AnnounceBatch(AnnounceEnd[Batch]):
    def ended_at(self, ended: Batch) -> float | None:
        return ended.ended_at

    def message(self, ended: Batch) -> WebhookMessage:
        return end_of_batch(ended)
