"""Tell of a job's end."""

from __future__ import annotations

from dataclasses import dataclass

from rerank_gateway.domain.jobs.job import Job
from rerank_gateway.domain.webhooks.events import WebhookMessage
from rerank_gateway.domain.webhooks.job_events import end_of_job
from rerank_gateway.use_cases.jobs.announce_end import AnnounceEnd


@dataclass(frozen=True, slots=True)
class AnnounceJob(AnnounceEnd[Job]):
    def ended_at(self, ended: Job) -> float | None:
        return ended.completed_at

    def message(self, ended: Job) -> WebhookMessage:
        return end_of_job(ended)
