"""
JobStore in DynamoDB, one item each.

An item is small while its status moves, since every write costs by its size; the result is written once, with the
last step. Each step is one conditional write.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from rerank_gateway.adapters.aws.job_items import holder_of, to_job
from rerank_gateway.adapters.aws.job_results import load_outcome, store_result
from rerank_gateway.adapters.aws.jobs_table import Condition, JobsTable, Values
from rerank_gateway.adapters.aws.s3_objects import S3Objects
from rerank_gateway.domain.jobs.job import Job, Lease, Outcome
from rerank_gateway.domain.jobs.ports import JobStore


@dataclass(frozen=True, slots=True)
class DynamoJobStore(JobStore):
    table: str
    objects: S3Objects

    @property
    def _items(self) -> JobsTable:
        return JobsTable(self.table)

    def add(self, job: Job, now: float) -> Job:
        if self._items.put(job, _free_id(job, now)):
            return job
        there = self._items.get(job.id)

        # What was there may have been deleted in between; then the id is free.
        return to_job(there) if there else self.add(job, now)

    def restart(self, job: Job, failed: Job) -> Job:
        # A write that boto3 sends again finds our own job there, which is as good.
        return job if self._items.put(job, _still(failed)) else self.add(job, job.created_at)

    def find(self, job_id: str, now: float) -> Job | None:
        item = self._items.get(job_id)
        if item is None or float(item["expires_at"]["N"]) <= now:
            return None

        return replace(to_job(item), outcome=load_outcome(self.objects, item))

    def claim(self, job_id: str, fingerprint: str, lease: Lease, now: float) -> Job | None:
        claimed = self._items.update(
            job_id,
            "SET #status = :processing, lease_holder = :holder, lease_until = :until",
            {":until": lease.until},
            _claimable(lease, fingerprint, now),
            ReturnValues="ALL_NEW",
        )

        return to_job(claimed["Attributes"]) if claimed else None

    def release(self, job: Job, until: float) -> None:
        self._items.update(
            job.id,
            "SET lease_until = :until, busy = :busy REMOVE lease_holder",
            {":until": until, ":busy": job.busy + 1},
            _held(job),
        )

    def finish(self, job: Job, outcome: Outcome, now: float) -> Job | None:
        return self._end(job, outcome, now, _held(job))

    def close(self, job: Job, outcome: Outcome, now: float) -> Job | None:
        return self._end(job, outcome, now, _unfinished(now))

    def forget(self, job: Job) -> None:
        self._items.delete(job.id, Condition("#status = :pending"))

    def _end(self, job: Job, outcome: Outcome, now: float, expected: Condition) -> Job | None:
        finished = job.finished(outcome, now)
        attribute, result = store_result(self.objects, job, outcome.body)
        values: Values = {
            ":ended": finished.status,
            ":at": now,
            ":until": finished.expires_at,
            ":code": outcome.status_code,
            ":model": outcome.model,
            ":result": result,
        }
        change = (
            "SET #status = :ended, completed_at = :at, expires_at = :until, status_code = :code, model = :model, "
            f"{attribute} = :result REMOVE lease_holder, lease_until"
        )
        recorded = self._items.update(job.id, change, values, expected) or self._is_recorded(finished)

        return finished if recorded else None

    def _is_recorded(self, finished: Job) -> bool:
        """Whether this very end is there: by a write whose response was lost, so that boto3 sent it again."""
        there = self._items.get(finished.id)

        return there is not None and to_job(there).completed_at == finished.completed_at


def _free_id(job: Job, now: float) -> Condition:
    return Condition(
        "attribute_not_exists(id) OR (expires_at <= :now AND created_at <> :created)",
        {":now": now, ":created": job.created_at},
    )


def _still(failed: Job) -> Condition:
    return Condition("#status = :failed AND completed_at = :at", {":at": failed.completed_at or 0.0})


def _claimable(lease: Lease, fingerprint: str, now: float) -> Condition:
    # Also by who holds it already: boto3 sends a write again when the response to the first was lost.
    return Condition(
        "(#status = :pending OR (#status = :processing AND (lease_until <= :now OR lease_holder = :holder)))"
        " AND expires_at > :now AND fingerprint = :fingerprint",
        {":now": now, ":holder": lease.holder, ":fingerprint": fingerprint},
    )


def _held(job: Job) -> Condition:
    return Condition("#status = :processing AND lease_holder = :holder", {":holder": holder_of(job)})


def _unfinished(now: float) -> Condition:
    return Condition("(#status = :pending OR #status = :processing) AND expires_at > :now", {":now": now})
