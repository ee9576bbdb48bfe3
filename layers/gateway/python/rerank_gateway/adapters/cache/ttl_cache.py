"""A TTL cache that fetches what it lacks."""

from __future__ import annotations

from collections.abc import Callable
from threading import Lock
from typing import Generic, TypeVar

from cachetools import TLRUCache

from rerank_gateway.domain.clock import Clock

T = TypeVar("T")


class TtlCache(Generic[T]):
    """Up to *size* values that were fetched within the last *seconds*; the least recently used make room."""

    def __init__(self, seconds: float, clock: Clock, size: int = 1000) -> None:
        self._seconds, self._clock = seconds, clock
        self._lock = Lock()
        # Not a TTLCache: a value ages from when its fetch began, and not from when it arrived.
        self._values: TLRUCache[str, tuple[float, T], float] = TLRUCache(
            size, ttu=lambda _, value, __: value[0], timer=clock.now
        )

    def get(self, name: str, fetch: Callable[[], T]) -> T:
        """The value of *name*, cached or from *fetch*."""
        expires_at = self._clock.now() + self._seconds
        with self._lock:
            found = self._values.get(name)
        if found:
            return found[1]
        # Not under the lock: a slow service must not keep other threads from what is cached.
        value = fetch()
        with self._lock:
            self._values[name] = (expires_at, value)

        return value
