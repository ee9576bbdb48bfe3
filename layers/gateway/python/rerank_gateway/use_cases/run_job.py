"""Work on the job of one message, so that it ends once and is never lost, however often the message comes."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from rerank_gateway.domain.job_ports import Announcer, Jobs, Message, Work
from rerank_gateway.domain.jobs import UNFINISHED_TTL, Job, Lease, Outcome, Status
from rerank_gateway.domain.ports import Clock

FIRST_PAUSE = 5.0
LONGEST_PAUSE = 900.0
"""Seconds that a job waits when everyone is busy; between them it doubles each time, drawn from its upper half."""
LEASE_BEYOND = 10.0
"""Seconds by which a lease outlasts the work, for recording its outcome."""
STEP = 1.0
"""Seconds by which a message comes later than the job is free, as the two are kept by different clocks."""


@dataclass(frozen=True, slots=True)
class Again:
    """The message must come back, after so many seconds."""

    seconds: float


@dataclass(frozen=True, slots=True)
class RunJob:
    jobs: Jobs
    work: Work
    announcer: Announcer
    clock: Clock
    chance: Random

    def __call__(self, message: Message, deadline: float) -> Again | None:
        """
        Do the work of *message* before *deadline*, a moment on the clock; whether it must come again, and when.

        Raises Unavailable, after which it must come again too.
        """
        lease = Lease.new(until=self.clock.epoch() + deadline - self.clock.now() + LEASE_BEYOND)
        job = self._claimed(message, lease)
        if job is None:
            return self._someone_elses(message)
        outcome = self.work(job, message.load, deadline)
        if outcome.busy and not job.is_too_old(self.clock.epoch()):
            return self._put_back(job, outcome)
        if finished := self.jobs.finish(job, outcome, self.clock.epoch()):
            self.announcer.announce(finished)

        return None

    def _claimed(self, message: Message, lease: Lease) -> Job | None:
        """The job of *message* under our *lease*; None when it is not for us to work on."""
        now = self.clock.epoch()
        if message.job_id is None:
            kept = self.jobs.add(own_job(message, message.sent_at + UNFINISHED_TTL, lease), now)
            if kept.lease == lease:
                return kept

        return self.jobs.claim(message.job_id or message.id, message.fingerprint, lease, now)

    def _someone_elses(self, message: Message) -> Again | None:
        now = self.clock.epoch()
        job = self.jobs.find(message.job_id or message.id, now)
        if job is None or job.fingerprint != message.fingerprint:
            return None
        if not job.is_finished:
            # If its worker is dead, this message may be the only one left: it must outlive the lease.
            return Again(max((job.lease.until if job.lease else now) - now, 0.0) + STEP)
        if message.receives > 1:
            # Its worker may have died between recording the outcome and telling of it.
            self.announcer.announce(job)

        return None

    def _put_back(self, job: Job, outcome: Outcome) -> Again:
        seconds = outcome.retry_after or self._pause(job.busy)
        self.jobs.put_back(job, until=self.clock.epoch() + seconds)

        return Again(seconds + STEP)

    def _pause(self, busy: int) -> float:
        longest = min(LONGEST_PAUSE, FIRST_PAUSE * 2.0**busy)

        return self.chance.uniform(longest / 2, longest)


def own_job(message: Message, expires_at: float, lease: Lease | None = None) -> Job:
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
