"""What came of lines, as it is kept in parts until the results are written together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

OUTPUT, ERRORS = "results", "errors"
"""The files in which lines end: with an answer, or without."""


class LineEnd(StrEnum):
    """How a line has ended. The letter is how it stands in a part."""

    ANSWERED = "a"
    FAILED = "f"
    EXPIRED = "x"


@dataclass(frozen=True, slots=True)
class LineResult:
    """
    The *text*, JSON without a line break, that the line at *place* of its chunk has in the results or the errors.
    *cost*, in billionths of a dollar, is counted when that is recorded; a part does not have it.
    """

    place: int
    end: LineEnd
    text: bytes
    cost: int = 0


def dropped_key(output: str, name: str) -> str:
    """Where the file of that *name* lies of a batch that came as an object of S3."""
    return f"{output}.{name}.jsonl"


def to_part(results: Iterable[LineResult]) -> bytes:
    return b"".join(b"%d %s %b\n" % (each.place, each.end.encode(), each.text) for each in results)


def of_part(part: bytes) -> Iterator[LineResult]:
    for line in part.splitlines():
        place, end, text = line.split(b" ", 2)
        yield LineResult(int(place), LineEnd(end.decode()), text)
