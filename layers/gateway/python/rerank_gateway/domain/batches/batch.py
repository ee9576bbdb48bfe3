"""A file of requests that is worked through: what is known of it, and the steps that it may take."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from uuid import UUID, uuid4

from rerank_gateway.domain.jobs.ids import idempotent_job_id
from rerank_gateway.domain.keys import EVERY_MODEL

ENDPOINT = "/v1/rerank"
"""The one address that the lines of a batch may name."""
COMPLETION_WINDOW_S = 24 * 3600
"""Seconds after its creation in which a batch is worked on, unless its caller wants it sooner: OpenAI's `24h`."""
DEFAULT_RESULTS_TTL_S = 7 * 86_400
MIN_RESULTS_TTL_S, MAX_RESULTS_TTL_S = 3600, 30 * 86_400
"""Seconds that results are kept after the end of a batch; the bounds are OpenAI's of `output_expires_after`."""
MAX_ERRORS = 100
"""Lines that cannot be understood of which a batch tells; their count is told in any case."""


class BatchStatus(StrEnum):
    """OpenAI's words, in the order in which a batch meets them."""

    VALIDATING = "validating"
    IN_PROGRESS = "in_progress"
    FINALIZING = "finalizing"
    COMPLETED = "completed"
    FAILED = "failed"
    EXPIRED = "expired"
    CANCELLING = "cancelling"
    CANCELLED = "cancelled"


ENDED = frozenset({BatchStatus.COMPLETED, BatchStatus.FAILED, BatchStatus.EXPIRED, BatchStatus.CANCELLED})


@dataclass(frozen=True, slots=True)
class LineError:
    """What is wrong with one *line* of the input file, counted from 1; None where it is the file as a whole."""

    code: str
    message: str
    line: int | None = None
    param: str | None = None


@dataclass(frozen=True, slots=True)
class Counts:
    """Lines of a batch: all, those with an answer, those with an error."""

    total: int = 0
    completed: int = 0
    failed: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """
    A batch as it is kept. Times are in epoch seconds.

    *models* are the globs of the owner's key when it was made; *params* are fields that hold for all lines which do not
    have them (Voyage's `request_params`), as JSON; *deadline* ends the work, *results_ttl* counts seconds from the end.
    *moments* has when each status was reached; *cost* is what providers ask for the lines that are answered so far, in
    billionths of a dollar, as far as that is known. The lines lie in *chunks*, of which *chunks_done* are all done;
    what was found valid is *input_key* as S3 knows it by its *input_etag*. *output* is the prefix under which results
    are written where a batch came as an object of S3, else "". *event_sent* says that its end was told. *validations*
    is how many workers have begun to look through the file without coming to an end.
    """

    id: str
    owner: str
    models: tuple[str, ...] = EVERY_MODEL
    input_file_id: str
    created_at: float
    deadline: float
    results_ttl: int = DEFAULT_RESULTS_TTL_S
    status: BatchStatus = BatchStatus.VALIDATING
    moments: Mapping[str, float] = field(default_factory=dict)
    counts: Counts = Counts()
    cost: int = 0
    chunks: int = 0
    chunks_done: int = 0
    errors: tuple[LineError, ...] = ()
    input_key: str = ""
    input_etag: str = ""
    params: bytes = b""
    metadata: Mapping[str, str] = field(default_factory=dict)
    output_file_id: str | None = None
    error_file_id: str | None = None
    output: str = ""
    webhook: str = ""
    event_sent: bool = False
    validations: int = 0

    @property
    def has_ended(self) -> bool:
        return self.status in ENDED

    @property
    def is_worked_off(self) -> bool:
        """Whether every line has ended, though its results are not written together yet."""
        return bool(self.chunks) and self.chunks_done >= self.chunks

    @property
    def ended_at(self) -> float | None:
        """None as long as it has not."""
        return self.moments.get(self.status) if self.has_ended else None

    @property
    def expires_at(self) -> float:
        """When it is gone, with its results; one that has not ended, when nobody can be working on it any more."""
        return (self.ended_at or self.deadline + MAX_RESULTS_TTL_S) + self.results_ttl


def new_batch_id() -> str:
    return f"batch_{uuid4().hex}"


def idempotent_batch_id(owner: str, idempotency_key: str) -> str:
    """The id that the batches of *owner* with this *idempotency_key* have in common."""
    return f"batch_{UUID(idempotent_job_id(owner, idempotency_key)).hex}"
