"""What is told of a job's end, to whoever listens."""

from __future__ import annotations

from rerank_gateway.domain.jobs.job import Job, rfc3339


def end_facts(job: Job) -> dict[str, str | int | None]:
    """Which *job* ended and how, and not what was ranked."""
    return {
        "id": job.id,
        "status": job.status,
        "status_code": job.outcome.status_code if job.outcome else None,
        "owner": job.owner,
        "model": job.outcome.model if job.outcome else None,
        "created_at": rfc3339(job.created_at),
        "completed_at": rfc3339(job.completed_at or job.created_at),
    }
