"""Answers in this environment's memory, before the cache that all environments share."""

from __future__ import annotations

from threading import Lock

from cachetools import LRUCache

from rerank_gateway.domain.answer import CachedAnswer
from rerank_gateway.domain.clock import Clock
from rerank_gateway.domain.errors import Unavailable
from rerank_gateway.domain.ports import AnswerCache

MAX_RESULT_ROWS = 100_000
"""About 150 bytes each. The least recently used answers make room."""
COOLDOWN_S = 30.0
"""After an error, the next cache is left alone for that long, so that not every request waits for it."""


class MemoryAnswerCache(AnswerCache):
    """Looks in *next_cache*, where there is one, for what it does not have itself. Safe for threads."""

    def __init__(self, next_cache: AnswerCache | None, clock: Clock, max_rows: int = MAX_RESULT_ROWS) -> None:
        self._next_cache, self._clock = next_cache, clock
        self.answers: LRUCache[str, CachedAnswer] = LRUCache(max_rows, getsizeof=_count_rows)
        self._lock = Lock()
        self._cools_down_until = 0.0

    def find(self, key: str, now: float) -> CachedAnswer | None:
        known = self._find_here(key, now)
        if known or self._next_cache is None:
            return known
        found = self._find_next(self._next_cache, key, now)
        if found:
            self._keep_here(key, found)

        return found

    def keep(self, key: str, what: CachedAnswer) -> None:
        self._keep_here(key, what)
        if self._next_cache and self._is_up():
            try:
                self._next_cache.keep(key, what)
            except Unavailable:
                self._cool_down()
                raise

    def _find_next(self, next_cache: AnswerCache, key: str, now: float) -> CachedAnswer | None:
        if not self._is_up():
            raise Unavailable("the cache was out of reach a moment ago")
        try:
            return next_cache.find(key, now)
        except Unavailable:
            self._cool_down()
            raise

    def _is_up(self) -> bool:
        return self._clock.calendar() >= self._cools_down_until

    def _cool_down(self) -> None:
        self._cools_down_until = self._clock.calendar() + COOLDOWN_S

    def _find_here(self, key: str, now: float) -> CachedAnswer | None:
        with self._lock:
            known = self.answers.get(key)
            if known and known.expires_at <= now:
                del self.answers[key]
                return None

            return known

    def _keep_here(self, key: str, what: CachedAnswer) -> None:
        with self._lock:
            # What is too large is not cached, but an older answer must not survive it.
            self.answers.pop(key, None)
            if _count_rows(what) <= self.answers.maxsize:
                self.answers[key] = what


def _count_rows(answer: CachedAnswer) -> int:
    return len(answer.ranking.results)
