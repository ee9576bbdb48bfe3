"""See which jobs there are."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from rerank_gateway.domain.clock import Clock
from rerank_gateway.domain.errors import InvalidRequest
from rerank_gateway.domain.jobs.job import Job
from rerank_gateway.domain.jobs.lists import JobIndex, JobPage, JobPart, Place
from rerank_gateway.domain.jobs.ports import JobStore

AT_ONCE = 100
"""Jobs that are read with one call, at the most."""
MAX_LOOKED_AT = 1000
"""Jobs that are looked at for one page: where few have the status that is wanted, whoever asks goes on from there."""


@dataclass(frozen=True, slots=True)
class ListJobs:
    jobs: JobStore
    index: JobIndex
    clock: Clock

    def __call__(self, owner: str, part: JobPart) -> JobPage:
        """A *part* of the jobs of *owner*. Raises InvalidRequest where it is to begin after what is none of them."""
        found: list[Job] = []
        for seen, job in enumerate(self._older(owner, self._after(owner, part), part), 1):
            if len(found) == part.limit:
                return JobPage(found, found[-1].id, more=True)
            if self._is_wanted(job, part):
                found.append(job)
            if seen == MAX_LOOKED_AT:
                return JobPage(found, job.id, more=True)

        return JobPage(found, found[-1].id if found else None)

    def _older(self, owner: str, after: Place | None, part: JobPart) -> Iterator[Job]:
        """The jobs of *owner*, as many with each call as may be wanted."""
        limit = AT_ONCE if part.status else min(part.limit + 1, AT_ONCE)
        while True:
            jobs, after = self.index.older(owner, after, limit)
            yield from jobs
            if after is None:
                return

    def _after(self, owner: str, part: JobPart) -> Place | None:
        if part.after is None:
            return None
        job = self.jobs.peek(part.after)
        if job is None or job.owner != owner:
            raise InvalidRequest("after must be the id of a job of yours", param="after")

        return Place(job.id, job.created_at)

    def _is_wanted(self, job: Job, part: JobPart) -> bool:
        """What has expired is not there."""
        return job.expires_at > self.clock.epoch() and part.status in (None, job.status)
