"""Access tokens: one thread fetches, all of them use it, and it is cached until shortly before it expires."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Lock

from cachetools import LRUCache

from rerank_gateway.domain.clock import Clock
from rerank_gateway.domain.deadline import Deadline
from rerank_gateway.domain.errors import BadReply, TargetTimedOut

REFRESH_MARGIN_S = 60.0
"""A token is replaced that long before it expires: it must still be valid when the request arrives."""
MAX_KEYS = 100
"""Keys whose tokens are cached: many more than an operator has. The least recently used make room."""


@dataclass(frozen=True, slots=True)
class Token:
    """*seconds* is how long it is valid; 0 where the service does not say, and then it is used once."""

    value: str = field(repr=False)
    seconds: float

    @classmethod
    def of(cls, value: object, seconds: object) -> Token:
        """A token from a service's response. Raises BadReply for what fits into no header."""
        if not isinstance(value, str) or not value or not value.isascii() or not value.isprintable():
            raise BadReply("the provider's token service sent no token")

        return cls(value, float(seconds) if isinstance(seconds, int | float) and 0 <= seconds < 2**31 else 0.0)


@dataclass(slots=True)
class TokenSlot:
    """One key's token, with the moment of the calendar until which it is used."""

    kept: tuple[str, float] | None = None
    fetching: Lock = field(default_factory=Lock)

    def token(self, now: float) -> str | None:
        return self.kept[0] if self.kept and now < self.kept[1] else None


@dataclass(frozen=True, slots=True)
class TokenCache:
    """*fetch* exchanges a key for a token before a deadline. It raises a TargetError."""

    fetch: Callable[[str, Deadline], Token]
    clock: Clock
    slots: LRUCache[str, TokenSlot] = field(default_factory=lambda: LRUCache(MAX_KEYS), repr=False)
    looking: Lock = field(default_factory=Lock)

    def get(self, key: str, deadline: Deadline) -> str:
        """A token for *key*, kept or fetched, before *deadline*. Raises a TargetError."""
        place = self._place(key)

        return self._kept(place) or self._fetched(place, key, deadline)

    def invalidate(self, key: str, token: str) -> None:
        """Never give *token* for *key* again. Another one, which somebody else may have fetched by now, stays."""
        place = self._place(key)
        # Without the lock, which somebody may hold for longer than there is time; the worst is one exchange too many.
        if place.kept and place.kept[0] == token:
            place.kept = None

    def _fetched(self, place: TokenSlot, key: str, deadline: Deadline) -> str:
        if not place.fetching.acquire(timeout=_remaining(deadline)):
            raise TargetTimedOut("the provider's token service took too long")
        try:
            # A thread that waited finds what the one before it has fetched.
            return self._kept(place) or self._fetch(place, key, deadline)
        finally:
            place.fetching.release()

    def _fetch(self, place: TokenSlot, key: str, deadline: Deadline) -> str:
        _remaining(deadline)
        token = self.fetch(key, deadline)
        place.kept = (token.value, self.clock.calendar() + token.seconds - REFRESH_MARGIN_S)

        return token.value

    def _kept(self, place: TokenSlot) -> str | None:
        # By the calendar: tokens age while the environment is frozen, too.
        return place.token(self.clock.calendar())

    def _place(self, key: str) -> TokenSlot:
        with self.looking:
            return self.slots.setdefault(key, TokenSlot())


def _remaining(deadline: Deadline) -> float:
    """Seconds until *deadline*. Raises TargetTimedOut when there are none."""
    if deadline.is_over:
        raise TargetTimedOut("the time was over before there was a token")

    return deadline.remaining()
