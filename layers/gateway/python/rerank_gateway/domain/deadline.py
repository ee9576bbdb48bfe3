"""How long something may take."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace

from rerank_gateway.domain.cancellation import Cancellation
from rerank_gateway.domain.clock import Clock


@dataclass(frozen=True, slots=True)
class Deadline:
    """
    The moment *at* which something must be over, in seconds on *clock*: one budget that is handed down.

    It is over before that when there is word of its *cancellation*. What has not begun by the time at which it is
    *withdrawn* is not to begin any more, and what has goes on.
    """

    clock: Clock
    at: float
    cancellation: Cancellation | None = None
    withdrawn: Callable[[], bool] | None = None

    @classmethod
    def after(cls, clock: Clock, seconds: float) -> Deadline:
        """So many *seconds* from now."""
        return cls(clock, clock.now() + seconds)

    @property
    def is_over(self) -> bool:
        return self._is_cancelled or self.clock.now() >= self.at

    @property
    def lets_begin(self) -> bool:
        """Whether something may still begin."""
        return not self.is_over and not (self.withdrawn and self.withdrawn())

    @property
    def _is_cancelled(self) -> bool:
        return self.cancellation is not None and self.cancellation.is_cancelled

    def remaining(self) -> float:
        """Seconds that are left, 0 at least."""
        return 0.0 if self._is_cancelled else max(self.at - self.clock.now(), 0.0)

    def cancelled_by(self, cancellation: Cancellation) -> Deadline:
        """The same, and over as soon as there is word of *cancellation*."""
        return Deadline(self.clock, self.at, cancellation, self.withdrawn)

    def unless(self, withdrawn: Callable[[], bool]) -> Deadline:
        """The same, and nothing begins any more as soon as it is *withdrawn*."""
        return replace(self, withdrawn=withdrawn)

    def aborting(self, abort: Callable[[], None]) -> AbstractContextManager[None]:
        """A block during which *abort* is called if there is word of the cancellation."""
        return self.cancellation.aborting(abort) if self.cancellation else nullcontext()

    def within(self, seconds: float | None) -> Deadline:
        """The same, but in so many *seconds* from now at the latest; None is no such limit."""
        return self if seconds is None else self.no_later_than(self.clock.now() + seconds)

    def no_later_than(self, moment: float) -> Deadline:
        """The same, or the *moment* on the clock if that comes first."""
        return self if moment >= self.at else replace(self, at=moment)

    def share(self, part: float) -> Deadline:
        """When a *part* of the time that is left will be over, 1.0 being all of it."""
        return self.within(self.remaining() * part)
