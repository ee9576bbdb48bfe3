"""Work on the job of one message, so that it ends once and is never lost, however often the message comes."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, replace
from random import Random

from rerank_gateway.domain.backoff import Backoff
from rerank_gateway.domain.clock import Clock
from rerank_gateway.domain.deadline import Deadline
from rerank_gateway.domain.errors import Unavailable
from rerank_gateway.domain.jobs.charges import charged_unseen
from rerank_gateway.domain.jobs.job import UNFINISHED_TTL_S, Job, Lease, Outcome, Status
from rerank_gateway.domain.jobs.ports import ExecuteJob, JobMessage, JobStore
from rerank_gateway.use_cases.jobs.announce import AnnounceJob
from rerank_gateway.use_cases.jobs.redeliver import CLOCK_SKEW_S, Redeliver

BACKOFF = Backoff(first_s=5.0, max_s=900.0, jitter=0.5)
"""How long a job waits at least when everyone is busy."""
WAKING = Backoff(first_s=60.0, max_s=60.0, jitter=0.5)
"""The same while one of them is being started, which takes minutes: each try says that it is still wanted."""
LAST_TRY_S = 60.0
"""Seconds before a job is too old at which its last try begins, however long somebody asked to wait."""
MAX_CLAIMS = 4
"""How often a job is tried that is neither ended nor put back: whoever tries it dies of it."""
LEASE_MARGIN_S = 10.0
"""Seconds by which a lease outlasts the work, for recording its outcome."""


@dataclass(frozen=True, slots=True)
class RunJob:
    jobs: JobStore
    execute: ExecuteJob
    announce: AnnounceJob
    clock: Clock
    rng: Random

    def __call__(self, message: JobMessage, deadline: Deadline, abandoned: Outcome) -> Redeliver | None:
        """
        Do the work of *message* before *deadline*; whether it must come again, and when.

        A job that is too old, or has cost too many workers, ends as its last try did, or as *abandoned* when none came
        to an end. Raises Unavailable, after which the message must come again too.
        """
        lease = Lease.new(until=self.clock.epoch() + deadline.remaining() + LEASE_MARGIN_S)
        job = self._claim(message, lease)
        if job is None:
            return self._not_ours(message)
        if self._is_tried_enough(job):
            return self._finish(job, charged_unseen(job, job.last or abandoned, claims=1), message)
        outcome = self.execute(replace(job, trace=message.trace), message.load, deadline)
        if pause := self._pause(job, outcome):
            return self._release(job, outcome, pause, message)

        return self._finish(job, outcome, message)

    def _claim(self, message: JobMessage, lease: Lease) -> Job | None:
        """The job of *message* under our *lease*; None when it is not for us to work on."""
        now = self.clock.epoch()
        if message.job_id is None:
            kept = self.jobs.add(job_of_message(message, message.sent_at + UNFINISHED_TTL_S, lease), now)
            if kept.lease == lease:
                return kept

        return self.jobs.claim(message.job, message.fingerprint, lease, now)

    def _is_tried_enough(self, job: Job) -> bool:
        """Whether the claimed *job* is not to be tried any more. What nobody came to try before gets its one try."""
        was_tried = job.last is not None or job.claims > 1

        return job.claims > MAX_CLAIMS or (was_tried and job.time_left(self.clock.epoch()) <= 0)

    def _not_ours(self, message: JobMessage) -> Redeliver | None:
        """What becomes of a *message* whose job is another's, or has ended."""
        now, job = self.clock.epoch(), self.jobs.peek(message.job)
        if job is None or job.fingerprint != message.fingerprint:
            return None
        if job.is_finished:
            return self.announce.for_another(job)
        if job.expires_at <= now:
            return None

        # If its worker is dead, this message may be the only one left: it must outlive the lease.
        return Redeliver(max((job.lease.until if job.lease else now) - now, 0.0) + CLOCK_SKEW_S)

    def _pause(self, job: Job, outcome: Outcome) -> float | None:
        """Seconds until *job* is tried again; None when *outcome* is its end."""
        time_left = job.time_left(self.clock.epoch()) - LAST_TRY_S
        if not outcome.busy or time_left <= 0:
            return None

        backoff = WAKING if outcome.waking else BACKOFF

        return min(max(outcome.retry_after or 0.0, backoff.pause(job.busy, self.rng)), time_left)

    def _release(self, job: Job, outcome: Outcome, pause: float, message: JobMessage) -> Redeliver | None:
        if self.jobs.release(job, self.clock.epoch() + pause, outcome):
            return Redeliver(pause + CLOCK_SKEW_S)

        return self._not_ours(message)

    def _finish(self, job: Job, outcome: Outcome, message: JobMessage) -> Redeliver | None:
        try:
            finished = self.jobs.finish(job, outcome, self.clock.epoch())
        except Unavailable:
            # Nobody has died of it: that it could not be recorded is not the job's fault. What is to be paid for stays
            # claimed, or the next try would not know of it.
            with suppress(Unavailable):
                if not outcome.charge.cost:
                    self.jobs.release(job, self.clock.epoch(), None)
            raise
        if finished is None:
            return self._not_ours(message)
        self.announce(finished)

        return None


def job_of_message(message: JobMessage, expires_at: float, lease: Lease | None = None) -> Job:
    """The job that a producer's own message stands for: its id is the message's, so a second delivery finds it."""
    return Job(
        id=message.id,
        owner=message.owner,
        fingerprint=message.fingerprint,
        created_at=message.sent_at,
        expires_at=expires_at,
        result_ttl=message.result_ttl,
        webhook=message.webhook,
        status=Status.PROCESSING if lease else Status.PENDING,
        lease=lease,
        claims=1 if lease else 0,
    )
