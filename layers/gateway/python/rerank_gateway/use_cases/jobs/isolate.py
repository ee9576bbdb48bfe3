"""Find the job that may have killed its workers, before it takes others with it once more."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from rerank_gateway.domain.clock import Clock
from rerank_gateway.domain.jobs.ports import JobMessage, JobStore

MAX_SHARED_CLAIMS = 2
"""How often a job is tried side by side with others that is neither ended nor put back."""


@dataclass(frozen=True, slots=True)
class IsolateJob:
    jobs: JobStore
    clock: Clock

    def __call__(self, messages: Iterable[JobMessage]) -> JobMessage | None:
        """The first of *messages* whose job is to run alone; None when all may run side by side. Raises Unavailable."""
        return next((message for message in messages if self._is_suspect(message)), None)

    def _is_suspect(self, message: JobMessage) -> bool:
        # What comes for the first time has killed nobody, and need not be looked up.
        if message.receive_count == 1:
            return False
        job, now = self.jobs.peek(message.job), self.clock.epoch()
        if job is None or job.is_finished or (job.lease and job.lease.until > now):
            return False

        return job.claims >= MAX_SHARED_CLAIMS
