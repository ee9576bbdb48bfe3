"""Values that may be a little old."""

from __future__ import annotations

from collections.abc import Callable
from threading import Lock
from typing import Generic, TypeVar

from cachetools import TLRUCache

from rerank_gateway.domain.ports import Clock

T = TypeVar("T")


class TtlCache(Generic[T]):
    """What was fetched within the last *seconds*; those used longest ago make room when there are more than *size*."""

    def __init__(self, seconds: float, clock: Clock, size: int = 1000) -> None:
        self._seconds, self._clock = seconds, clock
        self._lock = Lock()
        # Each value brings its own end along: it ages from when it was asked for, however long it took to arrive.
        self._values: TLRUCache[str, tuple[float, T], float] = TLRUCache(
            size, ttu=lambda _, value, __: value[0], timer=clock.now
        )

    def get(self, name: str, fetch: Callable[[], T]) -> T:
        """The value called *name*, from memory or from *fetch*."""
        expires_at = self._clock.now() + self._seconds
        with self._lock:
            found = self._values.get(name)
        if found:
            return found[1]
        # Not under the lock: one slow service must not keep everyone from what is known.
        value = fetch()
        with self._lock:
            self._values[name] = (expires_at, value)

        return value
