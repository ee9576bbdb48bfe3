"""What working through batches needs from the world; `entry/wiring` fills it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Protocol, TypeAlias

from rerank_gateway.domain.batches.batch import Batch, BatchStatus, LineError
from rerank_gateway.domain.batches.chunks import ChunkState, RequestLine
from rerank_gateway.domain.batches.contents import Content
from rerank_gateway.domain.batches.ports import BatchStore
from rerank_gateway.domain.batches.results import LineResult
from rerank_gateway.domain.deadline import Deadline
from rerank_gateway.domain.jobs.job import Lease, Outcome

ReadLine: TypeAlias = Callable[[bytes, bytes], RequestLine]
"""The request in a line, with the fields that hold for all lines. Raises FaultyLine about what is no request line."""
CheckRequest: TypeAlias = Callable[[RequestLine], None]
"""Raises FaultyLine about what the sync route would refuse whoever asked."""


@dataclass(frozen=True, slots=True)
class LineRequest:
    """The *line* of that *number* of a *batch*."""

    batch: Batch
    number: int
    line: RequestLine


ExecuteLine: TypeAlias = Callable[[LineRequest, Deadline], Outcome]
"""Does what a line asks for, before a deadline. Whatever goes wrong is an outcome too."""


class RenderResults(Protocol):
    """What a line has in the files of results, as callers read it."""

    def answered(self, request: LineRequest, outcome: Outcome) -> bytes: ...

    def failed(self, batch: Batch, number: int, error: FailedLine) -> bytes: ...


@dataclass(frozen=True, slots=True)
class FailedLine:
    """Why nobody was asked, and the *custom_id* of the line as far as it is known."""

    code: str
    message: str
    custom_id: str | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """What validation has found: *total* lines in so many *chunks*, and *errors* in lines that are no requests."""

    content: Content
    total: int
    chunks: int
    errors: tuple[LineError, ...] = ()


@dataclass(frozen=True, slots=True)
class Progress:
    """
    Lines that have *completed* and *failed* just now, and their *cost* in billionths of a dollar; with them *done* in
    all, as bits, and perhaps all of them.
    """

    done: int
    completed: int
    failed: int
    cost: int
    is_last: bool

    @classmethod
    def of(cls, state: ChunkState, results: list[LineResult], total: int) -> Progress:
        done = state.done
        for each in results:
            done |= 1 << each.place
        completed, cost = sum(each.end == "a" for each in results), sum(each.cost for each in results)

        return cls(done, completed, len(results) - completed, cost, is_last=done == (1 << total) - 1)


@dataclass(frozen=True, slots=True)
class BatchEnd:
    status: BatchStatus
    output_file_id: str | None = None
    error_file_id: str | None = None
    errors: tuple[LineError, ...] = ()


class BatchWork(BatchStore, Protocol):
    """Where batches are worked on. Each write names the state that it expects; all methods raise Unavailable."""

    def note_validations(self, batch: Batch, number: int) -> None:
        """Remember that so many workers have begun to look through the file of *batch* without coming to an end."""

    def start(self, batch: Batch, plan: Plan, now: float) -> None:
        """Have a *batch* that was validated be in progress, with the counts of *plan*, unless it was called off."""

    def claim(self, chunk: ChunkState, lease: Lease, now: float, *, at_once: bool = False) -> ChunkState | None:
        """
        The *chunk* under *lease*, with one claim more; None when it is somebody else's till later, or was put back for
        a while, unless it must come *at_once*.
        """

    def peek(self, batch_id: str, chunk: int) -> ChunkState:
        """A chunk as it is kept."""

    def record(self, chunk: ChunkState, part: str, progress: Progress) -> ChunkState | None:
        """
        Count what is in *part* once, in the chunk and in its batch; the chunk as it is then, None when its lease is
        another's by now.
        """

    def release(self, chunk: ChunkState, until: float, *, stalled: bool) -> None:
        """Give up the lease of *chunk*, which nobody claims before *until*."""

    def begin_finalizing(self, batch: Batch, now: float) -> bool:
        """Have a *batch*, all of whose chunks are done, be finalized; False if somebody did so before."""

    def chunks(self, batch_id: str) -> Iterator[ChunkState]:
        """All chunks of a batch that were ever claimed, in their order."""

    def end(self, batch: Batch, end: BatchEnd, now: float) -> Batch | None:
        """Record the *end* of *batch*; the batch then, None when it had ended before."""

    def record_event(self, batch: Batch, now: float) -> None:
        """Remember that the end of *batch* was told."""


class BatchEvents(Protocol):
    def publish(self, batch: Batch) -> None:
        """Tell whoever listens that *batch* has ended. Raises Unavailable."""
