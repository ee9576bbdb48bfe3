"""Call a job off."""

from __future__ import annotations

from dataclasses import dataclass

from rerank_gateway.domain.clock import Clock
from rerank_gateway.domain.jobs.job import Job, Outcome
from rerank_gateway.domain.jobs.ports import JobStore
from rerank_gateway.use_cases.jobs.read import ReadJob


@dataclass(frozen=True, slots=True)
class CancelJob:
    jobs: JobStore
    read: ReadJob
    clock: Clock

    def __call__(self, job_id: str, owner: str, cancelled: Outcome) -> Job:
        """
        The job of *owner*, *cancelled* unless it was finished before. A worker's later result is dropped.

        Raises UnknownJob.
        """
        job = self.read(job_id, owner)

        return self.jobs.close(job, cancelled, self.clock.epoch()) or self.read(job_id, owner)
