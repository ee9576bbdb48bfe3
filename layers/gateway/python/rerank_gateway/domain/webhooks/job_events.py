"""What is told of a job's end."""

from __future__ import annotations

from rerank_gateway.domain.jobs.end import end_facts
from rerank_gateway.domain.jobs.job import Job, Status, rfc3339
from rerank_gateway.domain.webhooks.events import EventType, WebhookEvent, WebhookMessage

TYPES = {Status.COMPLETED: EventType.JOB_COMPLETED, Status.FAILED: EventType.JOB_FAILED}


def end_of_job(job: Job) -> WebhookMessage:
    """The message about a finished *job* for its webhook: how it ended, and not with what."""
    ended = job.completed_at or job.created_at
    data = {**end_facts(job), "expires_at": rfc3339(job.expires_at)}

    return WebhookMessage(job.webhook, WebhookEvent(TYPES[job.status], job.id, ended, data))
