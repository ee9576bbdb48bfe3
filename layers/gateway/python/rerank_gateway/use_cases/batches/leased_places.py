"""Places at a provider that are this worker's for a while: all workers together have no more of them than there are."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field
from threading import Condition
from uuid import uuid4

from rerank_gateway.domain.batches.places import NO_PLACES, Grant, PlaceRequest, PlaceStore
from rerank_gateway.domain.clock import Clock
from rerank_gateway.domain.errors import Unavailable

LEASE_S = 180.0
"""Seconds after which the places of a worker that died are free again."""
KEPT_S = 1.0
"""The same when no line needs them: as a rule the next chunks come at once, and nobody could use the places sooner."""
ASK_EVERY_S = 0.25
"""Seconds between two looks at what others have and want."""
NO_PLACE_S = 10.0
"""Seconds after which lines give up when others have all places. Sooner, and they would only keep coming again."""


@dataclass(slots=True)
class LeasedPlaces:
    """
    A semaphore (`bulkhead.Places`) for up to *most* lines, whose places are leased from *store*: as many as there are,
    down to a fair share when another worker wants some, and only for a moment when no line needs one. For any threads.
    """

    provider: str
    limit: int
    most: int
    store: PlaceStore
    clock: Clock
    holder: str = field(default_factory=lambda: uuid4().hex)
    grant: Grant = NO_PLACES
    taken: int = 0
    waiting: int = 0
    is_asking: bool = False
    asked_at: float = float("-inf")
    none_since: float = 0.0
    changed: Condition = field(default_factory=Condition, repr=False)

    def acquire(self, blocking: bool = True, timeout: float | None = None) -> bool:
        """Take a place; whether there was one within *timeout* seconds, or before others have had all for a while."""
        with self.changed:
            self.waiting += 1
        try:
            return self._acquired(timeout if blocking else 0.0)
        finally:
            with self.changed:
                self.waiting -= 1
                self._give_back()

    def release(self) -> None:
        with self.changed:
            self.taken -= 1
            self._give_back()
            self.changed.notify()

    def _acquired(self, timeout: float | None) -> bool:
        began = self.clock.now()
        while True:
            if self._begins_to_ask():
                self._ask()
            with self.changed:
                if self._take():
                    return True
                now = self.clock.now()
                is_crowded = not self.grant.places and now >= self.none_since + NO_PLACE_S
                if is_crowded or (timeout is not None and now - began >= timeout):
                    return False
                self.changed.wait(ASK_EVERY_S if timeout is None else min(ASK_EVERY_S, timeout - (now - began)))

    def _take(self) -> bool:
        if self.taken >= min(self.grant.places, self.grant.share) or self.grant.until <= self.clock.epoch():
            return False
        self.taken += 1

        return True

    def _begins_to_ask(self) -> bool:
        """Whether it is time to ask, and nobody does: only one at a time."""
        with self.changed:
            now = self.clock.now()
            if self.is_asking or now < self.asked_at + ASK_EVERY_S:
                return False
            # Whoever asks after a while has not waited yet.
            if self.grant.places or now >= self.asked_at + NO_PLACE_S:
                self.none_since = now
            self.is_asking, self.asked_at = True, now

            return True

    def _ask(self) -> None:
        """Have as many places as there are for us. Meanwhile others go on with those that there are."""
        try:
            is_over = self.grant.until <= self.clock.epoch()
            self._lease(min(self.most, self.limit), uses=self.taken if is_over else self.grant.places)
        finally:
            with self.changed:
                self.is_asking = False
                self.changed.notify_all()

    def _give_back(self) -> None:
        """Give back what no line needs, or what is beyond our share."""
        # What is being asked for counts on what there was before; and where there is nothing, there is nothing to do.
        if self.is_asking or not self.grant.places:
            return
        if not (self.taken or self.waiting):
            self._lease(self.grant.places, uses=self.grant.places, seconds=KEPT_S)
            self.asked_at = float("-inf")
        elif self.taken <= self.grant.share < self.grant.places:
            self._lease(min(self.most, self.limit), uses=self.taken)

    def _lease(self, places: int, uses: int, seconds: float = LEASE_S) -> None:
        """Have so many places from now on, or as many of them as there are; as before where nobody can tell."""
        now = self.clock.epoch()
        with suppress(Unavailable):
            request = PlaceRequest(self.provider, self.holder, places, self.limit, now + seconds, uses)
            self.grant = self.store.lease(request, now)
