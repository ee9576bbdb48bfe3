"""Take a job on: keep it, then queue it."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, replace
from hashlib import sha256

from rerank_gateway.domain.clock import Clock
from rerank_gateway.domain.deadline import Deadline
from rerank_gateway.domain.errors import IdempotencyConflict, Unavailable
from rerank_gateway.domain.jobs.ids import idempotent_job_id, new_job_id
from rerank_gateway.domain.jobs.job import UNFINISHED_TTL_S, Job, Status
from rerank_gateway.domain.jobs.ports import JobQueue, JobStore
from rerank_gateway.domain.keys import VirtualKey
from rerank_gateway.domain.spending.bill import Bill
from rerank_gateway.domain.trace import Trace


@dataclass(frozen=True, slots=True)
class SubmitJob:
    jobs: JobStore
    queue: JobQueue
    clock: Clock
    trace: Trace | None = None
    bill: Bill | None = None
    webhook: str = ""

    def billed(self, bill: Bill) -> SubmitJob:
        """The same, for jobs whose key was let in with *bill*."""
        return replace(self, bill=bill)

    def telling(self, webhook: str) -> SubmitJob:
        """The same, and the *webhook* of that name is told of the end of each job; "" is none."""
        return replace(self, webhook=webhook)

    def traced(self, trace: Trace | None) -> SubmitJob:
        """The same, and the messages of its jobs carry *trace*."""
        return replace(self, trace=trace)

    def before(self, deadline: Deadline) -> SubmitJob:
        """The same, but it raises Unavailable at *deadline*."""
        return replace(self, jobs=self.jobs.before(deadline), queue=self.queue.before(deadline))

    def __call__(self, body: bytes, key: VirtualKey, result_ttl: int, idempotency_key: str | None) -> Job:
        """
        The job of *key* for the request in *body*: a new one, or the one that came with the same *idempotency_key*,
        anew where that has failed for a reason that may pass.

        Raises IdempotencyConflict, or Unavailable when it could not be queued.
        """
        job = self._job(body, key, result_ttl, idempotency_key)
        kept = self.jobs.add(job, job.created_at)
        if kept.fingerprint != job.fingerprint:
            raise IdempotencyConflict("this Idempotency-Key was used with another body")
        kept = self._revived(job, kept)
        # Also one that was here before: whoever kept it may have died before it was queued. A worker that gets the
        # message twice works once.
        if kept.status is Status.PENDING:
            self._queue(kept, body, shared=idempotency_key is not None)

        return kept

    def _job(self, body: bytes, key: VirtualKey, result_ttl: int, idempotency_key: str | None) -> Job:
        now = self.clock.epoch()

        return Job(
            id=idempotent_job_id(key.id, idempotency_key) if idempotency_key else new_job_id(),
            owner=key.id,
            models=key.models,
            fingerprint=sha256(body).hexdigest(),
            created_at=now,
            expires_at=now + UNFINISHED_TTL_S,
            result_ttl=result_ttl,
            bill=self.bill,
            webhook=self.webhook,
        )

    def _revived(self, job: Job, kept: Job) -> Job:
        """
        *job* in the place of the failed one that is *kept*, where another attempt may go better; else the one that is
        kept, with a new life where its own ends soon.
        """
        now = job.created_at
        found = self.jobs.find(kept.id, now) if kept.status is Status.FAILED else None
        if found and found.outcome and found.outcome.may_pass:
            return self.jobs.restart(job, found)

        return self.jobs.renew(kept, now) if kept.is_near_its_end(now) else kept

    def _queue(self, job: Job, body: bytes, *, shared: bool) -> None:
        try:
            self.queue.send(replace(job, trace=self.trace), body)
        except Unavailable:
            # A job that others can come by with the same key may be queued by one of them at this very moment.
            if not shared:
                with suppress(Unavailable):
                    self.jobs.forget(job)
            raise
