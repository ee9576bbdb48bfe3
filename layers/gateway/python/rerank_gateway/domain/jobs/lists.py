"""Lists of jobs, in parts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from rerank_gateway.domain.jobs.job import Job, Status


@dataclass(frozen=True, slots=True)
class JobPart:
    """Which part of a list: at most *limit* with this *status*, if one is named, older than the job *after*."""

    limit: int
    status: Status | None = None
    after: str | None = None


@dataclass(frozen=True, slots=True)
class JobPage:
    """The *jobs* of a part, the newest first. There are *more* behind the one called *last*, or may be."""

    jobs: Sequence[Job]
    last: str | None = None
    more: bool = False


@dataclass(frozen=True, slots=True)
class Place:
    """Where a job stands in the list of its owner's."""

    job_id: str
    created_at: float


class JobIndex(Protocol):
    """The jobs by owner. All methods raise Unavailable."""

    def older(self, owner: str, after: Place | None, limit: int) -> tuple[Sequence[Job], Place | None]:
        """
        The newest *limit* jobs of *owner* that are older than *after*, less those that are gone by now and what they
        came to, and the place of the last one if there are more. One that was submitted just now may be missing.
        """
