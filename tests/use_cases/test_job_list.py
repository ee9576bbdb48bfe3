"""Long lists of jobs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from rerank_gateway.domain.jobs.job import Job, Status
from rerank_gateway.domain.jobs.lists import JobIndex, JobPart, Place
from rerank_gateway.use_cases.jobs.list import MAX_LOOKED_AT, ListJobs
from tests.fakes import FakeClock
from tests.job_fakes import InMemoryJobStore, job


@dataclass
class InMemoryIndex(JobIndex):
    """Of *jobs*, the newest first; *limits* are how many each call wanted."""

    jobs: Sequence[Job]
    limits: list[int] = field(default_factory=list)

    def older(self, owner: str, after: Place | None, limit: int) -> tuple[Sequence[Job], Place | None]:
        self.limits.append(limit)
        start = next((n + 1 for n, each in enumerate(self.jobs) if after and each.id == after.job_id), 0)
        found = self.jobs[start : start + limit]
        last = found[-1] if start + limit < len(self.jobs) else None

        return found, Place(last.id, last.created_at) if last else None


def lists(jobs: Sequence[Job]) -> ListJobs:
    store = InMemoryJobStore()
    for each in jobs:
        store.add(each, 0.0)

    return ListJobs(store, InMemoryIndex(jobs), FakeClock())


def test_a_page_is_read_at_once() -> None:
    """
    With one job more, which says that there are more.
    """
    made = lists([job(str(number), expires_at=9e9) for number in range(300)])

    page = made("team", JobPart(20))

    assert ([each.id for each in page.jobs], page.last, page.more) == ([str(n) for n in range(20)], "19", True)
    assert isinstance(made.index, InMemoryIndex)
    assert made.index.limits == [21]


def test_a_rare_status_is_looked_for_step_by_step() -> None:
    """
    Whoever goes on finds it in the end; no single answer takes for ever.
    """
    rare = job("rare", status=Status.FAILED, expires_at=9e9)
    made = lists([*(job(str(number), expires_at=9e9) for number in range(MAX_LOOKED_AT + 5)), rare])

    first = made("team", JobPart(20, Status.FAILED))
    second = made("team", JobPart(20, Status.FAILED, first.last))

    assert (first.jobs, first.last, first.more) == ([], str(MAX_LOOKED_AT - 1), True)
    assert ([each.id for each in second.jobs], second.more) == (["rare"], False)


def test_what_has_expired_hides_nothing_behind_it() -> None:
    """
    However many of them there are: a page has something, or there is nothing left.
    """
    made = lists([*(job(str(number), expires_at=-1.0) for number in range(150)), job("living", expires_at=9e9)])

    page = made("team", JobPart(1))

    assert ([each.id for each in page.jobs], page.more) == (["living"], False)
