"""A memory for answers in this environment, before the one that all environments share."""

from __future__ import annotations

from dataclasses import dataclass, field
from threading import Lock

from rerank_gateway.domain.answer import Remembered
from rerank_gateway.domain.errors import Unavailable
from rerank_gateway.domain.ports import Cache, Clock

MOST_RESULTS = 100_000
"""Result rows that are remembered, about 150 bytes each; the answers that were used longest ago make room."""
REST = 30.0
"""Seconds for which a broken cache is left alone, so that not every request waits for it."""


@dataclass(slots=True)
class MemoryCache(Cache):
    """Knows what it was told lately, and asks *behind*, where there is one, for the rest. For any threads."""

    behind: Cache | None
    clock: Clock
    room: int = MOST_RESULTS
    kept: dict[str, Remembered] = field(default_factory=dict, repr=False)
    rests_until: float = 0.0
    lock: Lock = field(default_factory=Lock, repr=False)

    def find(self, key: str, now: float) -> Remembered | None:
        known = self._known(key, now)
        if known or self.behind is None:
            return known
        found = self._asked(self.behind, key, now)
        if found:
            self._remember(key, found)

        return found

    def keep(self, key: str, what: Remembered) -> None:
        self._remember(key, what)
        if self.behind and self._is_up():
            try:
                self.behind.keep(key, what)
            except Unavailable:
                self._rest()
                raise

    def _asked(self, behind: Cache, key: str, now: float) -> Remembered | None:
        if not self._is_up():
            raise Unavailable("the cache was out of reach a moment ago")
        try:
            return behind.find(key, now)
        except Unavailable:
            self._rest()
            raise

    def _is_up(self) -> bool:
        return self.clock.now() >= self.rests_until

    def _rest(self) -> None:
        self.rests_until = self.clock.now() + REST

    def _known(self, key: str, now: float) -> Remembered | None:
        with self.lock:
            known = self.kept.pop(key, None)
            if known is None:
                return None
            self.room += len(known.ranking.results)
            if known.expires_at <= now:
                return None
            # Taken out and put back: those used longest ago stand first.
            self._put(key, known)

            return known

    def _remember(self, key: str, what: Remembered) -> None:
        with self.lock:
            if replaced := self.kept.pop(key, None):
                self.room += len(replaced.ranking.results)
            self._put(key, what)
            while self.room < 0:
                self.room += len(self.kept.pop(next(iter(self.kept))).ranking.results)

    def _put(self, key: str, what: Remembered) -> None:
        self.kept[key] = what
        self.room -= len(what.ranking.results)
