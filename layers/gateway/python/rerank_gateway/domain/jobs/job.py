"""Work that is done later: what a job is, and the steps that it may take."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum
from math import ceil
from uuid import uuid4

from rerank_gateway.domain.jobs.result_ttl import DEFAULT_RESULT_TTL_S
from rerank_gateway.domain.keys import EVERY_MODEL
from rerank_gateway.domain.spending.bill import NO_CHARGE, Bill, Charge
from rerank_gateway.domain.trace import Trace

MAX_JOB_AGE_S = 6 * 3600.0
"""Seconds after its submission for which a job is tried; whoever is still busy then has had their chance."""
MESSAGE_RETENTION_S = 4 * 86_400.0
"""Seconds that the queue keeps a message: many times a job's age, so that a backlog of days is worked off."""
UNFINISHED_TTL_S = MESSAGE_RETENTION_S + 86_400.0
"""Seconds after which an unfinished job is gone, later than its message."""
EXPIRES_SOON_S = 60.0
"""Seconds of a result's life that are too few for whoever asks for the job once more."""


class Status(StrEnum):
    PENDING = "pending"
    PROCESSING = "processing"
    COMPLETED = "completed"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Outcome:
    """
    What a job came to: the status and the JSON body that the sync call would have answered, for *model*. *cost* is what
    providers ask for it, in billionths of a dollar, 0 where nobody knows; *charge* is what its bill is settled with.

    *busy* says that it may go better after *retry_after* seconds, or after a while where that is None, *waking* that
    who is to be asked is being started, and *is_crowded* that it was the gateway's own requests that had all places.
    """

    status_code: int
    body: bytes
    model: str = ""
    busy: bool = False
    retry_after: float | None = None
    waking: bool = False
    is_crowded: bool = False
    cost: int = 0
    charge: Charge = NO_CHARGE

    @property
    def status(self) -> Status:
        return Status.COMPLETED if self.status_code == 200 else Status.FAILED

    @property
    def may_pass(self) -> bool:
        """Whether it failed for a reason that does not lie in the request, so that another attempt may go better."""
        return self.status_code == 429 or self.status_code >= 500


@dataclass(frozen=True, slots=True)
class Lease:
    """The right to work on a job, and to record its outcome, until a moment in epoch seconds."""

    holder: str
    until: float

    @classmethod
    def new(cls, until: float) -> Lease:
        return cls(uuid4().hex, until)


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """
    A rerank request on its way. Times are in epoch seconds.

    *models* are the globs of the owner's key; *fingerprint* is the SHA-256 of the request's bytes; *result_ttl* counts
    from completion; *busy* is how often it was put back because everyone was busy, and *last* what the latest of those
    tries came to; *claims* is how often it was claimed since then, that try included where it may be billed; *webhook*
    is told of its end, and *event_sent* says that it was told. *bill* is what its key was let in with, where that has
    limits. *trace* goes along with its message, and is not kept.
    """

    id: str
    owner: str
    models: tuple[str, ...] = EVERY_MODEL
    fingerprint: str
    created_at: float
    expires_at: float
    result_ttl: int = DEFAULT_RESULT_TTL_S
    status: Status = Status.PENDING
    lease: Lease | None = None
    busy: int = 0
    claims: int = 0
    last: Outcome | None = None
    completed_at: float | None = None
    outcome: Outcome | None = None
    event_sent: bool = False
    bill: Bill | None = None
    webhook: str = ""
    trace: Trace | None = None

    @property
    def is_finished(self) -> bool:
        return self.status in (Status.COMPLETED, Status.FAILED)

    def finished(self, outcome: Outcome, now: float) -> Job:
        """The job with its *outcome*, which is kept for its time to live. DynamoDB's TTL knows whole seconds only."""
        return replace(
            self,
            status=outcome.status,
            lease=None,
            claims=0,
            last=None,
            completed_at=now,
            expires_at=ceil(now + self.result_ttl),
            outcome=outcome,
        )

    def put_back(self, until: float, outcome: Outcome | None) -> Job:
        """The job without its holder, free from *until* on; *outcome* is what this try came to, if anything."""
        claims = int(outcome is not None and outcome.charge.cost > 0)

        return replace(self, lease=Lease("", until), busy=self.busy + 1, claims=claims, last=outcome or self.last)

    def renewed(self, now: float) -> Job:
        """The job as if it were submitted, or had been finished, only *now*."""
        if self.is_finished:
            return replace(self, expires_at=ceil(now + self.result_ttl))

        return replace(self, created_at=now, expires_at=now + UNFINISHED_TTL_S)

    def is_near_its_end(self, now: float) -> bool:
        """Whether whoever submits it again would get too little of it: of its tries, or of its result."""
        if self.status is Status.PENDING:
            return now > self.created_at + MAX_JOB_AGE_S / 2

        return self.is_finished and now > self.expires_at - EXPIRES_SOON_S

    def time_left(self, now: float) -> float:
        """Seconds until it is as old as a job may become."""
        return self.created_at + MAX_JOB_AGE_S - now


def rfc3339(epoch: float) -> str:
    """A moment as callers read it, in UTC and milliseconds."""
    return datetime.fromtimestamp(epoch, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
