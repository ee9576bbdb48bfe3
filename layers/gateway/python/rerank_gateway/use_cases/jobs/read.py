"""See how a job is doing."""

from __future__ import annotations

from dataclasses import dataclass

from rerank_gateway.domain.clock import Clock
from rerank_gateway.domain.deadline import Deadline
from rerank_gateway.domain.errors import UnknownJob
from rerank_gateway.domain.jobs.job import Job
from rerank_gateway.domain.jobs.ports import JobStore

POLL_INTERVAL_S = 0.25
"""Seconds between two looks while somebody waits: a read costs $0.125 per million, an answer later costs patience."""


@dataclass(frozen=True, slots=True)
class ReadJob:
    jobs: JobStore
    clock: Clock

    def __call__(self, job_id: str, owner: str, wait: float = 0.0) -> Job:
        """
        The job of *owner*, as soon as it is finished or *wait* seconds are over.

        Raises UnknownJob for one that never was, that has expired, or that is somebody else's: all alike.
        """
        deadline = Deadline.after(self.clock, wait)
        while True:
            job = self.jobs.find(job_id, self.clock.epoch())
            if job is None or job.owner != owner:
                raise UnknownJob("there is no such job")
            if job.is_finished or deadline.remaining() < POLL_INTERVAL_S:
                return job
            self.clock.sleep(POLL_INTERVAL_S)
