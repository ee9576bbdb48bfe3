"""Jobs in Bifrost's async API."""

from __future__ import annotations

import json
from typing import Any

from rerank_gateway.apis.shared.bifrost_error import render_error
from rerank_gateway.apis.shared.response_fields import without_none
from rerank_gateway.domain.jobs.job import Job, rfc3339
from rerank_gateway.domain.jobs.lists import JobPage

__all__ = ["render_error", "render_job", "render_list", "render_submission"]


def render_submission(job: Job) -> dict[str, Any]:
    """The body of the 202 that takes a job on."""
    return {"id": job.id, "status": job.status, "created_at": rfc3339(job.created_at)}


def render_list(page: JobPage) -> dict[str, Any]:
    """A part of a key's jobs, in the form of OpenAI's lists; what they came to is told one by one."""
    rows = [_summary(job) for job in page.jobs]
    first = rows[0]["id"] if rows else None

    return {"object": "list", "data": rows, "has_more": page.more, "first_id": first, "last_id": page.last}


def _summary(job: Job) -> dict[str, Any]:
    outcome = job.outcome
    if outcome is None or job.completed_at is None:
        return render_submission(job)

    return render_submission(job) | without_none(
        completed_at=rfc3339(job.completed_at),
        expires_at=rfc3339(job.expires_at),
        status_code=outcome.status_code,
        model=outcome.model or None,
    )


def render_job(job: Job) -> dict[str, Any]:
    """The body of a poll. A result's time to live begins with its completion: there is no `expires_at` before."""
    return render_submission(job) | (_finished_fields(job) if job.is_finished else {})


def _finished_fields(job: Job) -> dict[str, Any]:
    outcome = job.outcome
    if outcome is None or job.completed_at is None:
        return {}
    key = "result" if outcome.status_code == 200 else "error"

    return without_none(
        completed_at=rfc3339(job.completed_at),
        expires_at=rfc3339(job.expires_at),
        status_code=outcome.status_code,
    ) | {key: json.loads(outcome.body)}
