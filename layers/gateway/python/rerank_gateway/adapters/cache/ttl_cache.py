"""A TTL cache that fetches what it lacks, and gets along for a while without its source."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from math import inf
from threading import Lock
from typing import Any, Generic, TypeVar

from cachetools import LRUCache

from rerank_gateway.domain.clock import Clock
from rerank_gateway.domain.errors import Unavailable

T = TypeVar("T")
FAILURE_TTL_S = 10.0
"""Seconds for which a source that was out of reach is left alone: finding that out anew takes each request seconds."""


def log_nothing(_: str, __: Mapping[str, Any]) -> None: ...


@dataclass(frozen=True, slots=True)
class Staleness:
    """
    For how many *seconds* the last value of *what* serves on while its source is out of reach. *log* is told, as an
    event with its fields.
    """

    seconds: float = 0.0
    what: str = ""
    log: Callable[[str, Mapping[str, Any]], None] = log_nothing


NEVER_STALE = Staleness()


@dataclass(frozen=True, slots=True)
class Entry(Generic[T]):
    """What was *fetched* at that moment; there is no need to fetch again until *fresh_until*. None if that failed."""

    value: T | None
    fetched: float
    fresh_until: float
    error: Unavailable | None = None


class TtlCache(Generic[T]):
    """
    Up to *size* values that were fetched within the last *seconds* of the calendar, or longer ago by the rule of
    *staleness*; the least recently used make room. What there is not is cached in as many places of its own: whoever
    asks for a thousand names that nobody has drives out none that somebody has.
    """

    def __init__(self, seconds: float, clock: Clock, staleness: Staleness = NEVER_STALE, size: int = 1000) -> None:
        self._seconds, self._clock, self._staleness = seconds, clock, staleness
        self._lock = Lock()
        self._entries: LRUCache[str, Entry[T]] = LRUCache(size)
        self._absent: LRUCache[str, Entry[T]] = LRUCache(size)

    def get(self, name: str, fetch: Callable[[], T], max_age: float = inf) -> T:
        """
        The value of *name*, cached for less than *max_age* seconds or from *fetch*. Raises what that raises;
        Unavailable for a few seconds more.
        """
        now = self._clock.calendar()
        with self._lock:
            entry = self._entries.get(name) or self._absent.get(name)
        if entry is None or now >= min(entry.fresh_until, entry.fetched + max_age):
            # Not under the lock: a slow service must not keep other threads from what is cached.
            entry = self._fetch(fetch, entry, now)
            self._keep(name, entry)
        if entry.error:
            # Another one each time, as each collects the way that it took.
            raise Unavailable(entry.error.message, cause=entry.error.cause)

        return entry.value  # type: ignore[return-value]  # None only where T may be

    def _keep(self, name: str, entry: Entry[T]) -> None:
        kept, other = self._entries, self._absent
        if entry.value is None:
            kept, other = other, kept
        with self._lock:
            kept[name] = entry
            other.pop(name, None)

    def _fetch(self, fetch: Callable[[], T], last: Entry[T] | None, now: float) -> Entry[T]:
        # A value ages from when its fetch began, and not from when it arrived.
        try:
            return Entry(fetch(), now, now + self._seconds)
        except Unavailable as error:
            # Its traceback would keep all that the request holds.
            return self._fail(error.with_traceback(None), last, now)

    def _fail(self, error: Unavailable, last: Entry[T] | None, now: float) -> Entry[T]:
        # The time goes by while a source does not answer.
        retry_at = max(now, self._clock.calendar()) + FAILURE_TTL_S
        fields = {"what": self._staleness.what, "cause": error.cause}
        if last and last.value is not None and error.is_outage and now < last.fetched + self._lifetime:
            self._staleness.log("stale_value_served", {**fields, "age_s": round(now - last.fetched)})
            return replace(last, fresh_until=retry_at)
        self._staleness.log("lookup_failed", fields)

        return Entry(None, now, retry_at, error)

    @property
    def _lifetime(self) -> float:
        return self._seconds + self._staleness.seconds
