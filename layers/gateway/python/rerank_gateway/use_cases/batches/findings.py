"""What was found in the file of a batch."""

from __future__ import annotations

from dataclasses import dataclass, field

from rerank_gateway.domain.batches.batch import MAX_ERRORS, LineError
from rerank_gateway.domain.batches.chunks import FaultyLine
from rerank_gateway.domain.batches.cutting import ChunkCutter, SeenNames

MAX_FAULTY_SHARE = 0.05
"""The share of lines that are no requests up to which the others are worked on."""


@dataclass(slots=True)
class Findings:
    """What was found in the lines so far; *faulty* counts those that are no requests, of which *errors* tell."""

    cutter: ChunkCutter = field(default_factory=ChunkCutter)
    names: SeenNames = field(default_factory=SeenNames)
    total: int = 0
    faulty: int = 0
    errors: list[LineError] = field(default_factory=list)

    @property
    def is_refused(self) -> bool:
        return self.faulty > MAX_FAULTY_SHARE * self.total

    def note(self, wrong: FaultyLine) -> None:
        self.faulty += 1
        if len(self.errors) < MAX_ERRORS:
            self.errors.append(LineError(wrong.code, wrong.message, self.cutter.number, wrong.param))
