"""Time, as a port."""

from __future__ import annotations

from typing import Protocol


class Clock(Protocol):
    def now(self) -> float:
        """
        Seconds on a clock that never goes back; deadlines are moments on it. It stands still while Lambda freezes the
        process, so it is for what begins and ends within one invocation.
        """

    def calendar(self) -> float:
        """Seconds on a clock that never goes back nor stands still: what is kept between invocations ages by it."""

    def epoch(self) -> float:
        """Seconds since 1970, UTC."""

    def sleep(self, seconds: float) -> None: ...
