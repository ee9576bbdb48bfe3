"""Call a job off."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass

from rerank_gateway.domain.clock import Clock
from rerank_gateway.domain.errors import Unavailable
from rerank_gateway.domain.jobs.job import Job, Outcome
from rerank_gateway.domain.jobs.ports import JobStore
from rerank_gateway.use_cases.jobs.announce import AnnounceJob
from rerank_gateway.use_cases.jobs.read import ReadJob


@dataclass(frozen=True, slots=True)
class CancelJob:
    jobs: JobStore
    read: ReadJob
    announce: AnnounceJob
    clock: Clock

    def __call__(self, job_id: str, owner: str, cancelled: Outcome) -> Job:
        """
        The job of *owner*, *cancelled* unless it was finished before. A worker's later result is dropped.

        Raises UnknownJob.
        """
        job = self.read(job_id, owner)
        closed = self.jobs.close(job, cancelled, self.clock.epoch())
        if closed is None:
            return self.read(job_id, owner)
        # What cannot be told now is told by the worker that gets the job's message.
        with suppress(Unavailable):
            self.announce(closed)

        return closed
