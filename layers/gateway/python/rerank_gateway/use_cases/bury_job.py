"""End a job whose message nobody could deal with, so that a poll does not wait for ever."""

from __future__ import annotations

from dataclasses import dataclass

from rerank_gateway.domain.job_ports import Announcer, Jobs, Message
from rerank_gateway.domain.jobs import UNFINISHED_TTL, Job, Outcome
from rerank_gateway.domain.ports import Clock
from rerank_gateway.use_cases.run_job import STEP, Again, own_job


@dataclass(frozen=True, slots=True)
class BuryJob:
    jobs: Jobs
    announcer: Announcer
    clock: Clock

    def __call__(self, message: Message, abandoned: Outcome) -> Again | None:
        """Record the job of a dead *message* as *abandoned*, unless it is finished. Raises Unavailable."""
        now = self.clock.epoch()
        job = self._job(message, now)
        if job is None or job.fingerprint != message.fingerprint:
            return None
        if job.lease and job.lease.until > now and job.lease.holder:
            return Again(job.lease.until - now + STEP)
        if buried := self.jobs.close(job, abandoned, now):
            self.announcer.announce(buried)

        return None

    def _job(self, message: Message, now: float) -> Job | None:
        if message.job_id:
            return self.jobs.find(message.job_id, now)

        # A producer's message that no worker ever came to read: there is no job yet that could fail.
        return self.jobs.add(own_job(message, now + UNFINISHED_TTL), now)
