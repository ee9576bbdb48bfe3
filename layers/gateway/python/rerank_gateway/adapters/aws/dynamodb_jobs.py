"""
JobStore in DynamoDB, one item each.

An item is small while its status moves, since every write costs by its size; the result is written once, with the
last step. Each step is one conditional write.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from rerank_gateway.adapters.aws import job_conditions as conditions
from rerank_gateway.adapters.aws.account_updates import update
from rerank_gateway.adapters.aws.binary_values import with_bytes
from rerank_gateway.adapters.aws.job_items import Item, deleted_at, to_job
from rerank_gateway.adapters.aws.job_results import (
    KEEP_LAST,
    end_of,
    last_values,
    load_last,
    load_outcome,
    outcome_without_body,
    store_result,
)
from rerank_gateway.adapters.aws.jobs_table import Condition, JobsTable, Values
from rerank_gateway.adapters.aws.s3_objects import S3Objects
from rerank_gateway.domain.deadline import Deadline
from rerank_gateway.domain.jobs.charges import charged_unseen
from rerank_gateway.domain.jobs.job import Job, Lease, Outcome
from rerank_gateway.domain.jobs.ports import JobStore


@dataclass(frozen=True, slots=True)
class DynamoJobStore(JobStore):
    items: JobsTable
    objects: S3Objects
    usage_table: str = ""

    def before(self, deadline: Deadline) -> DynamoJobStore:
        items, objects = replace(self.items, deadline=deadline), replace(self.objects, deadline=deadline)

        return replace(self, items=items, objects=objects)

    def add(self, job: Job, now: float) -> Job:
        if self.items.put(job, conditions.free_id(job, now)):
            return job
        there = self.items.get(job.id)

        # What was there may have been deleted in between; then the id is free.
        return _to_job(there) if there else self.add(job, now)

    def restart(self, job: Job, failed: Job) -> Job:
        # A write that is sent again finds our own job there, which is as good.
        return job if self.items.put(job, conditions.still(failed)) else self.add(job, job.created_at)

    def find(self, job_id: str, now: float) -> Job | None:
        item = self.items.get(job_id)
        if item is None or (job := _to_job(item)).expires_at <= now:
            return None

        return replace(job, outcome=load_outcome(self.objects, item))

    def peek(self, job_id: str) -> Job | None:
        item = self.items.get(job_id)

        return replace(_to_job(item), outcome=outcome_without_body(item)) if item else None

    def claim(self, job_id: str, fingerprint: str, lease: Lease, now: float) -> Job | None:
        claimed = self.items.update(
            job_id,
            "SET #status = :processing, lease_holder = :holder, lease_until = :until, "
            "claims = if_not_exists(claims, :none) + :one",
            {":holder": lease.holder, ":until": lease.until, ":none": 0, ":one": 1},
            conditions.claimable(fingerprint, now),
            ReturnValues="ALL_NEW",
        )
        # It may be ours: a write is sent again when the response to the first was lost.
        item = with_bytes(claimed["Attributes"]) if claimed else self.items.get(job_id)
        job = _to_job(item) if item else None

        return job if job and job.lease == lease else None

    def release(self, job: Job, until: float, outcome: Outcome | None) -> bool:
        free = job.put_back(until, outcome)
        kept, values = (f", {KEEP_LAST}", last_values(outcome)) if outcome else ("", {})
        released = self.items.update(
            job.id,
            f"SET lease_until = :until, busy = :busy, claims = :claims{kept} REMOVE lease_holder",
            {":until": until, ":busy": free.busy, ":claims": free.claims, **values},
            conditions.held(job),
        )

        return released is not None or self._is_released(job, until)

    def finish(self, job: Job, outcome: Outcome, now: float) -> Job | None:
        return self._end(job, outcome, now, conditions.held(job))

    def close(self, job: Job, outcome: Outcome, now: float) -> Job | None:
        if job.bill is None:
            return self._end(job, outcome, now, conditions.unfinished(now))
        # Nobody can tell what a worker that is at it spends; whoever waits has spent nothing.
        charged = charged_unseen(job, outcome)
        closed = self._end(job, charged, now, conditions.unfinished_as_seen(job, now))
        there = None if closed else self.peek(job.id)

        return self.close(there, outcome, now) if there and not there.is_finished and there != job else closed

    def renew(self, job: Job, now: float) -> Job:
        renewed = job.renewed(now)
        change = "SET created_at = :at, expires_at = :until"
        values: Values = {":at": renewed.created_at, ":until": renewed.expires_at}
        if job.is_finished:
            change = "SET expires_at = :deleted, result_expires_at = :until"
            values = {":deleted": deleted_at(renewed, now), ":until": renewed.expires_at}

        return renewed if self.items.update(job.id, change, values, conditions.unmoved(job)) else job

    def record_event(self, job: Job, now: float) -> None:
        self.items.update(job.id, "SET event_sent_at = :at", {":at": now}, conditions.unmoved(job))

    def forget(self, job: Job) -> None:
        self.items.delete(job.id, conditions.PENDING)

    def _end(self, job: Job, outcome: Outcome, now: float, expected: Condition) -> Job | None:
        finished = job.finished(outcome, now)
        change, values = end_of(finished, outcome, store_result(self.objects, job, outcome.body))
        settled = job.bill.settled(outcome.charge, now) if job.bill else {}
        beside = [update(self.usage_table, account, each) for account, each in settled.items()]
        recorded = self.items.along(beside).update(job.id, change, values, expected) or self._is_recorded(finished)

        return finished if recorded else None

    def _is_recorded(self, finished: Job) -> bool:
        """Whether this very end is there: by a write whose response was lost, so that it was sent again."""
        there = self.items.get(finished.id)

        return there is not None and to_job(there).completed_at == finished.completed_at

    def _is_released(self, job: Job, until: float) -> bool:
        there = self.items.get(job.id)

        return there is not None and to_job(there).lease == Lease("", until)


def _to_job(item: Item) -> Job:
    return replace(to_job(item), last=load_last(item))
