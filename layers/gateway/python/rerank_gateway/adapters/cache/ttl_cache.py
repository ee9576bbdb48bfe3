"""Values that may be a little old."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from rerank_gateway.domain.clock import Clock

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class TtlCache(Generic[T]):
    """What was fetched within the last *seconds*; the oldest make room when there are more than *size*."""

    seconds: float
    clock: Clock
    size: int = 1000
    kept: dict[str, tuple[float, T]] = field(default_factory=dict, repr=False)

    def get(self, name: str, fetch: Callable[[], T]) -> T:
        """The value called *name*, from memory or from *fetch*."""
        now = self.clock.now()
        found = self.kept.get(name)
        if found and found[0] > now:
            return found[1]
        value = fetch()
        self._keep(name, now + self.seconds, value)

        return value

    def _keep(self, name: str, until: float, value: T) -> None:
        self.kept.pop(name, None)
        while len(self.kept) >= self.size:
            # Several threads may reach for the same oldest one.
            self.kept.pop(next(iter(self.kept), ""), None)
        self.kept[name] = (until, value)
