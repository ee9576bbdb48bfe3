"""End a job whose message nobody could deal with, so that a poll does not wait for ever."""

from __future__ import annotations

from dataclasses import dataclass

from rerank_gateway.domain.clock import Clock
from rerank_gateway.domain.jobs.job import UNFINISHED_TTL_S, Job, Outcome
from rerank_gateway.domain.jobs.ports import JobMessage, JobStore
from rerank_gateway.use_cases.jobs.announce import AnnounceJob
from rerank_gateway.use_cases.jobs.redeliver import CLOCK_SKEW_S, Redeliver
from rerank_gateway.use_cases.jobs.run import job_of_message


@dataclass(frozen=True, slots=True)
class AbandonJob:
    jobs: JobStore
    announce: AnnounceJob
    clock: Clock

    def __call__(self, message: JobMessage, abandoned: Outcome) -> Redeliver | None:
        """
        End the job of a dead *message* as its last try did, or as *abandoned*, unless it is finished; tell of it.

        Raises Unavailable.
        """
        now = self.clock.epoch()
        job = self._job(message, now)
        if job is None or job.fingerprint != message.fingerprint:
            return None
        if job.is_finished:
            return self.announce.for_another(job)
        if job.lease and job.lease.until > now and job.lease.holder:
            return Redeliver(job.lease.until - now + CLOCK_SKEW_S)
        if abandoned_job := self.jobs.close(job, job.last or abandoned, now):
            self.announce(abandoned_job)

        return None

    def _job(self, message: JobMessage, now: float) -> Job | None:
        if not message.job_id:
            # A producer's message that no worker ever came to read: there is no job yet that could fail.
            self.jobs.add(job_of_message(message, now + UNFINISHED_TTL_S), now)

        return self.jobs.peek(message.job)
