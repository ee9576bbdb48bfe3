"""Time, as a port."""

from __future__ import annotations

from typing import Protocol


class Clock(Protocol):
    def now(self) -> float:
        """Seconds on a clock that never goes back; deadlines are moments on it."""

    def epoch(self) -> float:
        """Seconds since 1970, UTC."""

    def sleep(self, seconds: float) -> None: ...
