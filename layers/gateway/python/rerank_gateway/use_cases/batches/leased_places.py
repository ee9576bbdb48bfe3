"""Places at a provider that are this worker's for a while: all workers together have no more of them than there are."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field
from threading import Condition
from uuid import uuid4

from rerank_gateway.domain.batches.places import PlaceLease, PlaceStore
from rerank_gateway.domain.clock import Clock
from rerank_gateway.domain.errors import Unavailable

LEASE_S = 60.0
"""Seconds after which the places of a worker that died are free again."""
RENEW_S = 30.0
"""Seconds before the end of a lease at which it is renewed: no call of a line's takes longer as a rule."""
ASK_EVERY_S = 0.5
NO_PLACE_S = 1.0
"""Seconds after which a line gives up when others have all places: it comes again, and waits on nobody's time."""


@dataclass(slots=True)
class LeasedPlaces:
    """
    A semaphore (`bulkhead.Places`) for up to *most* lines, whose places are leased from *store* and given back as soon
    as no line waits for them. For any threads.
    """

    provider: str
    limit: int
    most: int
    store: PlaceStore
    clock: Clock
    holder: str = field(default_factory=lambda: uuid4().hex)
    held: int = 0
    until: float = 0.0
    taken: int = 0
    waiting: int = 0
    asked_at: float = float("-inf")
    changed: Condition = field(default_factory=Condition, repr=False)

    def acquire(self, blocking: bool = True, timeout: float | None = None) -> bool:
        """Take a place; whether there was one within *timeout* seconds, or before others have had all for a while."""
        with self.changed:
            self.waiting += 1
            try:
                return self._acquired(timeout) if blocking else self._take()
            finally:
                self.waiting -= 1

    def release(self) -> None:
        with self.changed:
            self.taken -= 1
            # By halves, so that the last lines of a chunk cost few writes.
            if not self.waiting and self.taken <= self.held // 2:
                self._lease(self.taken)
            self.changed.notify()

    def _acquired(self, timeout: float | None) -> bool:
        began = self.clock.now()
        while not self._take():
            waited = self.clock.now() - began
            if (timeout is not None and waited >= timeout) or (not self.held and waited >= NO_PLACE_S):
                return False
            self.changed.wait(ASK_EVERY_S if timeout is None else min(ASK_EVERY_S, timeout - waited))

        return True

    def _take(self) -> bool:
        left = self.until - self.clock.epoch() if self.held else 0.0
        if (self.taken >= self.held or left < RENEW_S) and self.clock.now() >= self.asked_at + ASK_EVERY_S:
            self.asked_at = self.clock.now()
            self._lease(min(self.most, self.limit))
        if self.taken >= self.held or self.until <= self.clock.epoch():
            return False
        self.taken += 1

        return True

    def _lease(self, places: int) -> None:
        """Have so many places from now on, or as many of them as there are; as before where nobody can tell."""
        now = self.clock.epoch()
        if places == self.held == min(self.most, self.limit) and self.until - now >= RENEW_S:
            return
        with suppress(Unavailable):
            wanted = PlaceLease(self.provider, self.holder, places, self.limit, now + LEASE_S)
            self.held, self.until = self.store.lease(wanted, now), now + LEASE_S
