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
MAX_EARLY, EARLY_EVERY_S = 10, 0.5
"""
A value is fetched before its time is over as often as somebody needs it younger, up to ten times in a row, and then
each half second: whoever asks without end has it fetched no more often.
"""


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
    """
    What was *fetched* at that moment; there is no need to fetch again until *fresh_until*. None if that failed. So many
    times in a row it may be fetched *early*: not while the source *is_left_alone*.
    """

    value: T | None
    fetched: float
    fresh_until: float
    error: Unavailable | None = None
    early: float = MAX_EARLY
    is_left_alone: bool = False

    def early_at(self, now: float) -> float:
        return min(self.early + (now - self.fetched) / EARLY_EVERY_S, MAX_EARLY)

    def may_be_early(self, now: float, max_age: float) -> bool:
        """Whether it is older than *max_age* seconds, and may be fetched for that."""
        return now >= self.fetched + max_age and self.early_at(now) >= 1 and not self.is_left_alone


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
        The value of *name*, cached for less than *max_age* seconds, unless it was asked for so too often, or from
        *fetch*. Raises what that raises; Unavailable for a few seconds more.
        """
        now = self._clock.calendar()
        with self._lock:
            entry = self._entries.get(name) or self._absent.get(name)
        is_fresh = entry is not None and now < entry.fresh_until
        if entry is None or not is_fresh or entry.may_be_early(now, max_age):
            early = entry.early_at(now) - 1 if entry and is_fresh else MAX_EARLY
            # Not under the lock: a slow service must not keep other threads from what is cached.
            entry = replace(self._fetch(fetch, entry, now), early=early)
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
            return replace(last, fresh_until=retry_at, is_left_alone=True)
        self._staleness.log("lookup_failed", fields)

        return Entry(None, now, retry_at, error, is_left_alone=True)

    @property
    def _lifetime(self) -> float:
        return self._seconds + self._staleness.seconds
