"""Lines that are worked on together: where they lie in the input, and how far they are."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from struct import Struct

from rerank_gateway.domain.jobs.job import Lease

MAX_CHUNK_LINES = 50
MAX_CHUNK_BYTES = 4 * 1024 * 1024
"""What a chunk has at most; a line that is longer is a chunk by itself."""
MAX_LINE_BYTES = 6 * 1024 * 1024
"""What Lambda takes as a request, so that a line may be as long as a sync request."""
INDEX_ENTRY = Struct("<QIIIQ")
"""A chunk in the index of a batch: they all take as much room, so that each is found without the others."""


class FaultyLine(Exception):
    """A line that is no request. *custom_id* is the line's, as far as it has one."""

    def __init__(self, code: str, message: str, param: str | None = None, custom_id: str | None = None) -> None:
        super().__init__(message)
        self.code, self.message, self.param, self.custom_id = code, message, param, custom_id


@dataclass(frozen=True, slots=True)
class RequestLine:
    """What a line asks for: *body* is that of a sync request, in JSON."""

    custom_id: str
    body: bytes


@dataclass(frozen=True, slots=True)
class Chunk:
    """
    *size* bytes of the input from *start* on, the first of them on *first_line*, counted from 1, and so many lines in
    them that are not empty. *duplicates* has a bit for each of these whose `custom_id` an earlier line has.
    """

    start: int
    size: int
    first_line: int
    count: int
    duplicates: int = 0

    def packed(self) -> bytes:
        return INDEX_ENTRY.pack(self.start, self.size, self.first_line, self.count, self.duplicates)

    @classmethod
    def unpacked(cls, entry: bytes) -> Chunk:
        return cls(*INDEX_ENTRY.unpack(entry))

    def lines(self, content: bytes) -> Iterator[Line]:
        """Those of its *content* that are not empty."""
        there = 0
        for offset, text in enumerate(content.split(b"\n")):
            if text.strip():
                yield Line(there, self.first_line + offset, text, is_duplicate=bool(self.duplicates >> there & 1))
                there += 1

    def lost_lines(self) -> Iterator[Line]:
        """The same when their content cannot be had."""
        return (Line(place, self.first_line + place, b"") for place in range(self.count))


@dataclass(frozen=True, slots=True)
class Line:
    """The line at *place* in its chunk, counted from 0, which is the one of that *number* in the file, from 1."""

    place: int
    number: int
    text: bytes
    is_duplicate: bool = False


@dataclass(frozen=True, slots=True)
class ChunkState:
    """
    How far a chunk is: the lines of the bits in *done* have ended, and what came of them is in *parts*. *claims* is how
    often it was claimed since it was last put back, *stalls* how often in a row it was put back without any progress.
    """

    batch_id: str
    number: int
    lease: Lease | None = None
    done: int = 0
    parts: tuple[str, ...] = ()
    claims: int = 0
    stalls: int = 0
    is_finished: bool = False

    @property
    def holder(self) -> str:
        return self.lease.holder if self.lease else ""

    @property
    def size(self) -> int:
        """The bytes in its parts."""
        return sum(int(part.rpartition("-")[2]) for part in self.parts)

    def next_part(self, size: int) -> str:
        """What its holder calls the next part, which has so many bytes: nobody else writes under this name."""
        return f"{self.holder}.{len(self.parts)}-{size}"

    def is_held(self, now: float) -> bool:
        return self.lease is not None and self.lease.until > now


def index_key(batch_id: str) -> str:
    """Where it lies which lines are in which chunk."""
    return f"batches/index/{batch_id}"


def part_key(state: ChunkState, part: str) -> str:
    return f"batches/parts/{state.batch_id}/{state.number:06}-{part}"
