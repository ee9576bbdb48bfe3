"""What the lines of a chunk need to be worked on."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace

from rerank_gateway.domain.batches.batch import Batch
from rerank_gateway.domain.batches.chunks import INDEX_ENTRY, Chunk, ChunkState, FaultyLine, Line, index_key
from rerank_gateway.domain.batches.contents import Content, Contents
from rerank_gateway.domain.batches.work import BatchWork, ExecuteLine, FailedLine, ReadLine, RenderResults
from rerank_gateway.domain.clock import Clock


@dataclass(frozen=True, slots=True)
class LineWork:
    batches: BatchWork
    contents: Contents
    read: ReadLine
    execute: ExecuteLine
    render: RenderResults
    clock: Clock

    def lines(self, batch: Batch, chunk: ChunkState) -> Sequence[Line]:
        """The lines of a *chunk*. Raises ContentGone where they are not what was validated, or Unavailable."""
        place = self._place(chunk)
        validated = Content(batch.input_key, 0, batch.input_etag)

        return list(place.lines(self.contents.read(validated, place.start, place.start + place.size)))

    def lost_lines(self, chunk: ChunkState) -> Sequence[Line]:
        """The same where their content cannot be had. Raises Unavailable."""
        return list(self._place(chunk).lost_lines())

    def _place(self, chunk: ChunkState) -> Chunk:
        index, start = Content(index_key(chunk.batch_id), 0, ""), chunk.number * INDEX_ENTRY.size

        return Chunk.unpacked(self.contents.read(index, start, start + INDEX_ENTRY.size))

    def failed(self, batch: Batch, line: Line, why: FailedLine) -> bytes:
        """The error of a *line* that nobody is asked for, under its name if it has one."""
        with suppress(FaultyLine):
            why = replace(why, custom_id=self.read(line.text, b"").custom_id)

        return self.render.failed(batch, line.number, why)


def duplicate(custom_id: str) -> FaultyLine:
    return FaultyLine("duplicate_custom_id", "an earlier line has this custom_id", "custom_id", custom_id)
