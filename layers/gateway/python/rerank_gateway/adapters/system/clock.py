"""The real clock."""

from __future__ import annotations

import time
from collections.abc import Callable
from threading import Lock

from rerank_gateway.domain.clock import Clock


class SystemClock(Clock):
    """By the computer's *monotonic* clock and its *wall* clock, which somebody may set."""

    def __init__(self, monotonic: Callable[[], float] = time.monotonic, wall: Callable[[], float] = time.time) -> None:
        self._monotonic, self._wall = monotonic, wall
        self._lock = Lock()
        self._seen = (monotonic(), wall())
        self._calendar = 0.0

    def now(self) -> float:
        return self._monotonic()

    def epoch(self) -> float:
        return self._wall()

    def calendar(self) -> float:
        # While the process is frozen only the wall clock goes on. One that is set back has nothing live longer, as the
        # monotonic clock goes on then; one that is set forward has things expire early, which costs a look-up.
        with self._lock:
            seen, self._seen = self._seen, (self._monotonic(), self._wall())
            self._calendar += max(now - before for now, before in zip(self._seen, seen, strict=True))

            return self._calendar

    def sleep(self, seconds: float) -> None:
        time.sleep(seconds)
