"""Jobs as Bifrost's async API tells of them."""

from __future__ import annotations

import json
from typing import Any

from rerank_gateway.apis.shared.bifrost_error import render_error
from rerank_gateway.apis.shared.response_fields import without_none
from rerank_gateway.domain.jobs.job import Job, rfc3339

__all__ = ["polled", "render_error", "submitted"]


def submitted(job: Job) -> dict[str, Any]:
    """The body of the 202 that takes a job on."""
    return {"id": job.id, "status": job.status, "created_at": rfc3339(job.created_at)}


def polled(job: Job) -> dict[str, Any]:
    """The body of a poll. How long a result is kept counts from its completion, so that is not said before."""
    return submitted(job) | (_ended(job) if job.is_finished else {})


def _ended(job: Job) -> dict[str, Any]:
    outcome = job.outcome
    if outcome is None or job.completed_at is None:
        return {}
    word = "result" if outcome.status_code == 200 else "error"

    return without_none(
        completed_at=rfc3339(job.completed_at),
        expires_at=rfc3339(job.expires_at),
        status_code=outcome.status_code,
    ) | {word: json.loads(outcome.body)}
