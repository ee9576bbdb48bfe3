"""Cut a stream of lines into chunks, with no more of it in memory than a chunk."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from hashlib import blake2b

from rerank_gateway.domain.batches.chunks import MAX_CHUNK_BYTES, MAX_CHUNK_LINES, MAX_LINE_BYTES, Chunk


class TooLongLine(Exception):
    """The line of this *number*, from 1, has no end within the bytes that a line may have."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


def lines_of(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """The lines in a stream of *pieces*, with their line breaks. Raises TooLongLine."""
    rest, number = b"", 1
    for piece in pieces:
        *lines, rest = (rest + piece).split(b"\n")
        for line in lines:
            if len(line) > MAX_LINE_BYTES:
                raise TooLongLine(number)
            yield line + b"\n"
            number += 1
        if len(rest) > MAX_LINE_BYTES:
            raise TooLongLine(number)
    if rest:
        yield rest


@dataclass(slots=True)
class ChunkCutter:
    """Makes chunks of lines as they are added; *index* is that of those that are complete."""

    index: bytearray = field(default_factory=bytearray)
    chunks: int = 0
    offset: int = 0
    number: int = 1
    start: int = 0
    first_line: int = 1
    lines: int = 0
    duplicates: int = 0

    def add(self, line: bytes, *, is_duplicate: bool) -> None:
        """Add the next *line*, which is not empty."""
        if self.lines == MAX_CHUNK_LINES:
            self.cut()
        self.skip(line)
        self.duplicates |= is_duplicate << self.lines
        self.lines += 1

    def skip(self, line: bytes) -> None:
        """Add the next *line*, which is empty. Any number of them makes no chunk that is larger than others."""
        if self.offset - self.start + len(line) > MAX_CHUNK_BYTES:
            self.cut()
        self.offset += len(line)
        self.number += 1

    def cut(self) -> None:
        """Complete the chunk under way, if there are lines in it; the next one begins here."""
        if self.lines:
            size = self.offset - self.start
            self.index += Chunk(self.start, size, self.first_line, self.lines, self.duplicates).packed()
            self.chunks += 1
        self.start, self.first_line, self.lines, self.duplicates = self.offset, self.number, 0, 0


@dataclass(slots=True)
class SeenNames:
    """
    Which names have come before: eight bytes each, in a table of hashes that doubles when it is half full. Two of a
    million names look alike once in some ten million files.
    """

    slots: array[int] = field(default_factory=lambda: array("Q", bytes(8 * 1024)))
    used: int = 0

    def add(self, name: str) -> bool:
        """Remember *name*; whether it came before."""
        mark = int.from_bytes(blake2b(name.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "big") or 1
        if self._put(mark):
            return True
        if 2 * self.used > len(self.slots):
            marks, self.slots, self.used = self.slots, array("Q", bytes(16 * len(self.slots))), 0
            for each in filter(None, marks):
                self._put(each)

        return False

    def _put(self, mark: int) -> bool:
        place = mark % len(self.slots)
        while self.slots[place] not in (0, mark):
            place = (place + 1) % len(self.slots)
        was_there = self.slots[place] == mark
        self.slots[place] = mark
        self.used += not was_there

        return was_there
