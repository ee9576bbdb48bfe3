"""Work on the job of one message, so that it ends once and is never lost, however often the message comes."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from rerank_gateway.domain.backoff import Backoff
from rerank_gateway.domain.clock import Clock
from rerank_gateway.domain.deadline import Deadline
from rerank_gateway.domain.jobs.job import UNFINISHED_TTL_S, Job, Lease, Outcome, Status
from rerank_gateway.domain.jobs.ports import EventPublisher, ExecuteJob, JobMessage, JobStore

BACKOFF = Backoff(first_s=5.0, max_s=900.0, jitter=0.5)
"""How long a job waits when everyone is busy."""
LEASE_MARGIN_S = 10.0
"""Seconds by which a lease outlasts the work, for recording its outcome."""
CLOCK_SKEW_S = 1.0
"""Seconds by which a message comes later than the job is free, as the two are kept by different clocks."""


@dataclass(frozen=True, slots=True)
class Redeliver:
    """The message must come back, after so many seconds."""

    seconds: float


@dataclass(frozen=True, slots=True)
class RunJob:
    jobs: JobStore
    execute: ExecuteJob
    publisher: EventPublisher
    clock: Clock
    rng: Random

    def __call__(self, message: JobMessage, deadline: Deadline) -> Redeliver | None:
        """
        Do the work of *message* before *deadline*; whether it must come again, and when.

        Raises Unavailable, after which it must come again too.
        """
        lease = Lease.new(until=self.clock.epoch() + deadline.remaining() + LEASE_MARGIN_S)
        job = self._claim(message, lease)
        if job is None:
            return self._already_claimed(message)
        outcome = self.execute(job, message.load, deadline)
        if outcome.busy and not job.exceeds_max_age(self.clock.epoch()):
            return self._release(job, outcome)
        if finished := self.jobs.finish(job, outcome, self.clock.epoch()):
            self.publisher.publish(finished)

        return None

    def _claim(self, message: JobMessage, lease: Lease) -> Job | None:
        """The job of *message* under our *lease*; None when it is not for us to work on."""
        now = self.clock.epoch()
        if message.job_id is None:
            kept = self.jobs.add(job_of_message(message, message.sent_at + UNFINISHED_TTL_S, lease), now)
            if kept.lease == lease:
                return kept

        return self.jobs.claim(message.job_id or message.id, message.fingerprint, lease, now)

    def _already_claimed(self, message: JobMessage) -> Redeliver | None:
        now = self.clock.epoch()
        job = self.jobs.find(message.job_id or message.id, now)
        if job is None or job.fingerprint != message.fingerprint:
            return None
        if not job.is_finished:
            # If its worker is dead, this message may be the only one left: it must outlive the lease.
            return Redeliver(max((job.lease.until if job.lease else now) - now, 0.0) + CLOCK_SKEW_S)
        if message.receive_count > 1:
            # Its worker may have died between recording the outcome and telling of it.
            self.publisher.publish(job)

        return None

    def _release(self, job: Job, outcome: Outcome) -> Redeliver:
        seconds = outcome.retry_after or BACKOFF.pause(job.busy, self.rng)
        self.jobs.release(job, until=self.clock.epoch() + seconds)

        return Redeliver(seconds + CLOCK_SKEW_S)


def job_of_message(message: JobMessage, expires_at: float, lease: Lease | None = None) -> Job:
    """The job that a producer's own message stands for: its id is the message's, so a second delivery finds it."""
    return Job(
        id=message.id,
        owner=message.owner,
        fingerprint=message.fingerprint,
        created_at=message.sent_at,
        expires_at=expires_at,
        result_ttl=message.result_ttl,
        status=Status.PROCESSING if lease else Status.PENDING,
        lease=lease,
    )
