"""End a job whose message nobody could deal with, so that a poll does not wait for ever."""

from __future__ import annotations

from dataclasses import dataclass

from rerank_gateway.domain.clock import Clock
from rerank_gateway.domain.jobs.job import UNFINISHED_TTL_S, Job, Outcome
from rerank_gateway.domain.jobs.ports import EventPublisher, JobMessage, JobStore
from rerank_gateway.use_cases.jobs.run import CLOCK_SKEW_S, Redeliver, job_of_message


@dataclass(frozen=True, slots=True)
class AbandonJob:
    jobs: JobStore
    publisher: EventPublisher
    clock: Clock

    def __call__(self, message: JobMessage, abandoned: Outcome) -> Redeliver | None:
        """Record the job of a dead *message* as *abandoned*, unless it is finished. Raises Unavailable."""
        now = self.clock.epoch()
        job = self._job(message, now)
        if job is None or job.fingerprint != message.fingerprint:
            return None
        if job.lease and job.lease.until > now and job.lease.holder:
            return Redeliver(job.lease.until - now + CLOCK_SKEW_S)
        if abandoned_job := self.jobs.close(job, abandoned, now):
            self.publisher.publish(abandoned_job)

        return None

    def _job(self, message: JobMessage, now: float) -> Job | None:
        if message.job_id:
            return self.jobs.find(message.job_id, now)

        # A producer's message that no worker ever came to read: there is no job yet that could fail.
        return self.jobs.add(job_of_message(message, now + UNFINISHED_TTL_S), now)
