"""Access tokens: one thread fetches what all need, and it is kept until shortly before it expires."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Lock

from rerank_gateway.domain.clock import Clock
from rerank_gateway.domain.deadline import Deadline
from rerank_gateway.domain.errors import BadReply, TargetTimedOut

REFRESH_MARGIN_S = 60.0
"""Seconds before its end that a token is let go: it must still be good when the question arrives."""
MAX_KEYS = 100
"""Keys whose tokens are kept: many more than an operator has."""


@dataclass(frozen=True, slots=True)
class Token:
    """*seconds* is how long it is good for; 0 where nobody said, and then it serves once."""

    value: str = field(repr=False)
    seconds: float

    @classmethod
    def of(cls, value: object, seconds: object) -> Token:
        """A token as a service tells it. Raises BadReply for what fits into no header."""
        if not isinstance(value, str) or not value or not value.isascii() or not value.isprintable():
            raise BadReply("the provider's token service sent no token")

        return cls(value, float(seconds) if isinstance(seconds, int | float) and 0 <= seconds < 2**31 else 0.0)


@dataclass(slots=True)
class TokenSlot:
    """Where one key's token is kept, with the second since 1970 until which it is used."""

    kept: tuple[str, float] | None = None
    fetching: Lock = field(default_factory=Lock)

    def token(self, now: float) -> str | None:
        return self.kept[0] if self.kept and now < self.kept[1] else None


@dataclass(frozen=True, slots=True)
class TokenCache:
    """*fetch* exchanges a key for a token before a deadline. It raises a TargetError."""

    fetch: Callable[[str, Deadline], Token]
    clock: Clock
    places: dict[str, TokenSlot] = field(default_factory=dict, repr=False)
    making: Lock = field(default_factory=Lock)

    def get(self, key: str, deadline: Deadline) -> str:
        """A token for *key*, kept or fetched, before *deadline*. Raises a TargetError."""
        place = self._place(key)

        return self._kept(place) or self._fetched(place, key, deadline)

    def _fetched(self, place: TokenSlot, key: str, deadline: Deadline) -> str:
        if not place.fetching.acquire(timeout=_remaining(deadline)):
            raise TargetTimedOut("the provider's token service took too long")
        try:
            # Whoever waited finds what the one before has fetched.
            return self._kept(place) or self._fetch(place, key, deadline)
        finally:
            place.fetching.release()

    def _fetch(self, place: TokenSlot, key: str, deadline: Deadline) -> str:
        _remaining(deadline)
        token = self.fetch(key, deadline)
        place.kept = (token.value, self.clock.epoch() + token.seconds - REFRESH_MARGIN_S)

        return token.value

    def _kept(self, place: TokenSlot) -> str | None:
        # By the calendar: a token grows old while the environment is frozen, too.
        return place.token(self.clock.epoch())

    def _place(self, key: str) -> TokenSlot:
        with self.making:
            if key not in self.places and len(self.places) >= MAX_KEYS:
                del self.places[next(iter(self.places))]

            return self.places.setdefault(key, TokenSlot())


def _remaining(deadline: Deadline) -> float:
    """Seconds until *deadline*. Raises TargetTimedOut when there are none."""
    if deadline.is_over:
        raise TargetTimedOut("the time was over before there was a token")

    return deadline.remaining()
