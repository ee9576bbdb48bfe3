"""Tell of a job's end: once wherever possible, and never not at all; unless the operator has nobody told."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass

from rerank_gateway.domain.clock import Clock
from rerank_gateway.domain.errors import Unavailable
from rerank_gateway.domain.jobs.job import Job
from rerank_gateway.domain.jobs.ports import EventPublisher, JobStore
from rerank_gateway.domain.webhooks.job_events import end_of_job
from rerank_gateway.domain.webhooks.ports import WebhookQueue
from rerank_gateway.use_cases.jobs.redeliver import CLOCK_SKEW_S, Redeliver

ANNOUNCING_S = 20.0
"""Seconds that whoever ends a job may need to tell of it. Until then nobody else does."""


@dataclass(frozen=True, slots=True)
class AnnounceJob:
    """Without a *publisher* only those hear of a job who have a webhook for it."""

    jobs: JobStore
    publisher: EventPublisher | None
    clock: Clock
    webhooks: WebhookQueue | None = None

    def __call__(self, job: Job) -> None:
        """Tell of the end of *job*, unless that was done before. Raises Unavailable."""
        if job.event_sent or not self._is_told(job):
            return
        try:
            if self.publisher:
                self.publisher.publish(job)
        finally:
            # Who waits for this is told whatever becomes of the event.
            if self.webhooks and job.webhook:
                self.webhooks.send(end_of_job(job))
        # Without this it may be told twice, which is better than to have its message come again for sure.
        with suppress(Unavailable):
            self.jobs.record_event(job, self.clock.epoch())

    def for_another(self, job: Job) -> Redeliver | None:
        """Tell of the end of *job* if whoever ended it has not come to it by now; otherwise, when to look again."""
        wait = (job.completed_at or 0.0) + ANNOUNCING_S - self.clock.epoch()
        if self._is_told(job) and not job.event_sent and wait > 0:
            return Redeliver(wait + CLOCK_SKEW_S)
        self(job)

        return None

    def _is_told(self, job: Job) -> bool:
        return bool(self.publisher or (self.webhooks and job.webhook))
