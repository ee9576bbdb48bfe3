"""A memory for answers in this environment, before the one that all environments share."""

from __future__ import annotations

from dataclasses import dataclass, field
from threading import Lock

from rerank_gateway.domain.answer import CachedAnswer
from rerank_gateway.domain.clock import Clock
from rerank_gateway.domain.errors import Unavailable
from rerank_gateway.domain.ports import AnswerCache

MAX_RESULTS = 100_000
"""Result rows that are remembered, about 150 bytes each; the answers that were used longest ago make room."""
COOLDOWN_S = 30.0
"""Seconds for which a broken cache is left alone, so that not every request waits for it."""


@dataclass(slots=True)
class MemoryAnswerCache(AnswerCache):
    """Knows what it was told lately, and asks *next_cache*, where there is one, for the rest. For any threads."""

    next_cache: AnswerCache | None
    clock: Clock
    room: int = MAX_RESULTS
    kept: dict[str, CachedAnswer] = field(default_factory=dict, repr=False)
    rests_until: float = 0.0
    lock: Lock = field(default_factory=Lock, repr=False)

    def find(self, key: str, now: float) -> CachedAnswer | None:
        known = self._known(key, now)
        if known or self.next_cache is None:
            return known
        found = self._asked(self.next_cache, key, now)
        if found:
            self._remember(key, found)

        return found

    def keep(self, key: str, what: CachedAnswer) -> None:
        self._remember(key, what)
        if self.next_cache and self._is_up():
            try:
                self.next_cache.keep(key, what)
            except Unavailable:
                self._rest()
                raise

    def _asked(self, next_cache: AnswerCache, key: str, now: float) -> CachedAnswer | None:
        if not self._is_up():
            raise Unavailable("the cache was out of reach a moment ago")
        try:
            return next_cache.find(key, now)
        except Unavailable:
            self._rest()
            raise

    def _is_up(self) -> bool:
        return self.clock.now() >= self.rests_until

    def _rest(self) -> None:
        self.rests_until = self.clock.now() + COOLDOWN_S

    def _known(self, key: str, now: float) -> CachedAnswer | None:
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

    def _remember(self, key: str, what: CachedAnswer) -> None:
        with self.lock:
            if replaced := self.kept.pop(key, None):
                self.room += len(replaced.ranking.results)
            self._put(key, what)
            while self.room < 0:
                self.room += len(self.kept.pop(next(iter(self.kept))).ranking.results)

    def _put(self, key: str, what: CachedAnswer) -> None:
        self.kept[key] = what
        self.room -= len(what.ranking.results)
