"""Jobs without AWS: the store keeps the contract that DynamoDB keeps (tests/adapters/test_jobs.py)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from threading import Lock

from rerank_gateway.domain.deadline import Deadline
from rerank_gateway.domain.errors import Unavailable
from rerank_gateway.domain.jobs.job import Job, Lease, Outcome, Status
from rerank_gateway.domain.jobs.ports import EventPublisher, JobMessage, JobQueue, JobStore

BODY = b'{"model": "local/bm25"}'
DONE = Outcome(200, b'{"results": []}', "local/bm25")


def job(job_id: str = "j", **changes: object) -> Job:
    made = Job(id=job_id, owner="team", fingerprint="f", created_at=1000.0, expires_at=9000.0)

    return replace(made, **changes)  # type: ignore[arg-type]  # any field may change


def message(
    job_id: str | None = "j", receive_count: int = 1, fingerprint: str = "f", load: Callable[[], bytes] = lambda: BODY
) -> JobMessage:
    return JobMessage(
        id="m",
        load=load,
        sent_at=1000.0,
        receive_count=receive_count,
        owner="team",
        result_ttl=600,
        job_id=job_id,
        fingerprint=fingerprint if job_id else "",
    )


class InMemoryJobStore(JobStore):
    """Keeps jobs, but while it is *full* no outcome."""

    def __init__(self) -> None:
        self.jobs: dict[str, Job] = {}
        self.full = False
        self.lock = Lock()

    def add(self, job: Job, now: float) -> Job:
        with self.lock:
            there = self.jobs.get(job.id)
            if there is None or (there.expires_at <= now and there.created_at != job.created_at):
                self.jobs[job.id] = there = job

            return there

    def restart(self, job: Job, failed: Job) -> Job:
        with self.lock:
            there = self.jobs[job.id]

            return self._kept(job) if there == failed else there

    def find(self, job_id: str, now: float) -> Job | None:
        return self._living(job_id, now)

    def peek(self, job_id: str) -> Job | None:
        job = self.jobs.get(job_id)

        return replace(job, outcome=replace(job.outcome, body=b"")) if job and job.outcome else job

    def claim(self, job_id: str, fingerprint: str, lease: Lease, now: float) -> Job | None:
        with self.lock:
            job = self._living(job_id, now)
            if job is None or job.is_finished or job.fingerprint != fingerprint:
                return None
            if job.lease == lease:
                return job
            if job.lease and job.lease.until > now:
                return None

            return self._kept(replace(job, status=Status.PROCESSING, lease=lease, claims=job.claims + 1))

    def release(self, job: Job, until: float, outcome: Outcome | None) -> bool:
        with self.lock:
            holds = self._holds(job)
            if holds:
                self._kept(job.put_back(until, outcome))

            return holds

    def finish(self, job: Job, outcome: Outcome, now: float) -> Job | None:
        if self.full:
            raise Unavailable("the gateway's storage cannot be reached at the moment")
        with self.lock:
            return self._kept(job.finished(outcome, now)) if self._holds(job) else None

    def close(self, job: Job, outcome: Outcome, now: float) -> Job | None:
        with self.lock:
            living = self._living(job.id, now)
            return self._kept(job.finished(outcome, now)) if living and not living.is_finished else None

    def renew(self, job: Job, now: float) -> Job:
        with self.lock:
            return self._kept(self.jobs[job.id].renewed(now)) if self._is_unmoved(job) else job

    def record_event(self, job: Job, now: float) -> None:
        with self.lock:
            if self._is_unmoved(job):
                self._kept(replace(self.jobs[job.id], event_sent=True))

    def before(self, deadline: Deadline) -> InMemoryJobStore:
        return self

    def forget(self, job: Job) -> None:
        with self.lock:
            if self.jobs[job.id].status is Status.PENDING:
                del self.jobs[job.id]

    def _living(self, job_id: str, now: float) -> Job | None:
        job = self.jobs.get(job_id)

        return job if job and job.expires_at > now else None

    def _holds(self, job: Job) -> bool:
        kept = self.jobs.get(job.id)

        return kept is not None and kept.status is Status.PROCESSING and kept.lease == job.lease

    def _is_unmoved(self, job: Job) -> bool:
        kept = self.jobs.get(job.id)
        if kept is None or (kept.completed_at is None and kept.status is not Status.PENDING):
            return False

        return (kept.created_at, kept.completed_at) == (job.created_at, job.completed_at)

    def _kept(self, job: Job) -> Job:
        self.jobs[job.id] = job

        return job


@dataclass
class FakeJobQueue(JobQueue):
    """Remembers what was sent; *broken* it takes nothing."""

    broken: bool = False
    sent: list[tuple[str, bytes]] = field(default_factory=list)

    def before(self, deadline: Deadline) -> FakeJobQueue:
        return self

    def send(self, job: Job, body: bytes) -> None:
        if self.broken:
            raise Unavailable("the queue of jobs cannot be reached at the moment")
        self.sent.append((job.id, body))


@dataclass
class FakeEventPublisher(EventPublisher):
    told: list[Job] = field(default_factory=list)
    broken: bool = False

    def publish(self, job: Job) -> None:
        if self.broken:
            raise Unavailable("the event bus cannot be reached at the moment")
        self.told.append(job)
