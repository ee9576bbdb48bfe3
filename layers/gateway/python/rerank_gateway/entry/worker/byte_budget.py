"""How many bytes of requests a worker may have at work at the same time, by its memory."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Condition

MB = 1024 * 1024
IDLE_MB = 200
"""What a worker takes without a job: Python, its packages, and a client for each service of AWS's."""
BYTES_PER_REQUEST_BYTE = 50
"""
Memory that a job takes at its peak for each byte of its request, at the worst: `python -m benchmarks.worker_memory`
measures it.
"""


@dataclass(slots=True)
class ByteBudget:
    """Room for *total* bytes. A request that is larger has all of it, and so is alone."""

    total: int
    taken: int = 0
    freed: Condition = field(default_factory=Condition)

    @classmethod
    def of(cls, memory_mb: int) -> ByteBudget:
        """The budget of a function with so much memory."""
        return cls(max(memory_mb - IDLE_MB, 0) * MB // BYTES_PER_REQUEST_BYTE)

    @contextmanager
    def room_for(self, size: int, seconds: float) -> Iterator[bool]:
        """Have room for *size* bytes within the block, after waiting for up to so many *seconds*; whether there is."""
        size = min(size, self.total)
        with self.freed:
            there_is = self.freed.wait_for(lambda: self.taken + size <= self.total, seconds)
            self.taken += size if there_is else 0
        try:
            yield there_is
        finally:
            with self.freed:
                self.taken -= size if there_is else 0
                self.freed.notify_all()
