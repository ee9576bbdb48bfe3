"""The states that each write of a job expects to find, in DynamoDB's notation."""

from __future__ import annotations

from rerank_gateway.adapters.aws.job_items import holder_of
from rerank_gateway.adapters.aws.jobs_table import Condition
from rerank_gateway.domain.jobs.job import Job

PENDING = Condition("#status = :pending")


def free_id(job: Job, now: float) -> Condition:
    return Condition(
        "attribute_not_exists(id) OR ((expires_at <= :now OR result_expires_at <= :now) AND created_at <> :created)",
        {":now": now, ":created": job.created_at},
    )


def claimable(fingerprint: str, now: float) -> Condition:
    return Condition(
        "(#status = :pending OR (#status = :processing AND lease_until <= :now))"
        " AND expires_at > :now AND fingerprint = :fingerprint",
        {":now": now, ":fingerprint": fingerprint},
    )


def held(job: Job) -> Condition:
    return Condition("#status = :processing AND lease_holder = :holder", {":holder": holder_of(job)})


def unfinished(now: float) -> Condition:
    return Condition("(#status = :pending OR #status = :processing) AND expires_at > :now", {":now": now})


def unfinished_as_seen(job: Job, now: float) -> Condition:
    """That it is not finished, and whoever was seen to work on it, or nobody, still does."""
    held_by = "lease_holder = :holder" if holder_of(job) else "attribute_not_exists(lease_holder)"
    holder = {":holder": holder_of(job)} if holder_of(job) else {}

    return Condition(f"{unfinished(now).expression} AND {held_by}", {":now": now, **holder})


def unmoved(job: Job) -> Condition:
    """That *job*, pending or finished, is as it was seen, and not in another life of its id."""
    if job.completed_at is None:
        return Condition("#status = :pending AND created_at = :created", {":created": job.created_at})

    return Condition("completed_at = :completed", {":completed": job.completed_at})


def still(failed: Job) -> Condition:
    """That the job has *failed* as it did, and nobody has started it anew."""
    return Condition("#status = :failed AND completed_at = :at", {":at": failed.completed_at or 0.0})
