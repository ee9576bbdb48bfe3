"""What jobs need from the world; `entry/wiring` fills it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol, TypeAlias

from rerank_gateway.domain.deadline import Deadline
from rerank_gateway.domain.jobs.job import Job, Lease, Outcome
from rerank_gateway.domain.trace import Trace

LoadPayload: TypeAlias = Callable[[], bytes]
ExecuteJob: TypeAlias = Callable[[Job, LoadPayload, Deadline], Outcome]
"""
Loads a job's request and does what it says, before a deadline. Whatever goes wrong is an outcome too, but that nobody
can tell whether it may be tried once more: that is Unavailable.
"""


class JobStore(Protocol):
    """
    Where jobs are kept. Each write names the state that it expects, so of two that race one comes too late.

    What has expired is not there. All methods raise Unavailable.
    """

    def add(self, job: Job, now: float) -> Job:
        """
        Keep *job* unless its id is taken; the job that has this id, without its outcome.

        What has expired leaves its place to another, but not to the same job from the same moment once more.
        """

    def restart(self, job: Job, failed: Job) -> Job:
        """Put *job*, which has the same id, in the place of the *failed* one; the job that has it then."""

    def find(self, job_id: str, now: float) -> Job | None: ...

    def peek(self, job_id: str) -> Job | None:
        """The job as it is kept, even when it has expired; its outcome is without the body."""

    def claim(self, job_id: str, fingerprint: str, lease: Lease, now: float) -> Job | None:
        """
        The job, now processing under *lease*, with one claim more; None when it is finished, gone, somebody else's till
        later, or not about the request with this *fingerprint*.
        """

    def release(self, job: Job, until: float, outcome: Outcome | None) -> bool:
        """
        Give up the lease of *job*, which nobody claims before *until*, and keep what its try came to, if anything.

        False when its lease is another's by now.
        """

    def finish(self, job: Job, outcome: Outcome, now: float) -> Job | None:
        """Record the *outcome* of a claimed *job*; the finished job, None when its lease is another's by now."""

    def close(self, job: Job, outcome: Outcome, now: float) -> Job | None:
        """Record *outcome* for a *job*, whoever works on it; the finished job, None when it was finished before."""

    def renew(self, job: Job, now: float) -> Job:
        """Have the time of *job*, pending or finished, begin anew; the job as it is, unless it has moved on."""

    def record_event(self, job: Job, now: float) -> None:
        """Remember that the end of *job* was told."""

    def forget(self, job: Job) -> None:
        """Remove *job* if it is still pending."""

    def before(self, deadline: Deadline) -> JobStore:
        """The same store, which gives up at *deadline*."""


class JobQueue(Protocol):
    def before(self, deadline: Deadline) -> JobQueue:
        """The same queue, which gives up at *deadline*."""

    def send(self, job: Job, body: bytes) -> None:
        """Have a worker get *job* and its request. Raises Unavailable."""


class EventPublisher(Protocol):
    def publish(self, job: Job) -> None:
        """Tell whoever listens that *job* is finished. Raises Unavailable."""


@dataclass(frozen=True, slots=True)
class JobMessage:
    """
    What a worker gets: from `submit` with the *job_id* of a job, from other producers with a request of their own.

    *fingerprint* is the job's, "" where there is none: an Idempotency-Key can outlive its job and be used for another
    request, and that one's job has the same id. *sent_at* is in epoch seconds; *receive_count* counts from 1; *load*
    fetches the request's bytes, *size* of them, and raises InvalidRequest or Unavailable.
    """

    id: str
    load: LoadPayload
    sent_at: float
    receive_count: int
    owner: str
    result_ttl: int
    job_id: str | None = None
    fingerprint: str = ""
    size: int = 0
    trace: Trace | None = None
    webhook: str = ""

    @property
    def job(self) -> str:
        """The id of its job: what a producer sends by itself is a job of its own."""
        return self.job_id or self.id
