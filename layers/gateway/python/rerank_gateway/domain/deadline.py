"""How long something may take."""

from __future__ import annotations

from dataclasses import dataclass, replace

from rerank_gateway.domain.clock import Clock


@dataclass(frozen=True, slots=True)
class Deadline:
    """The moment *at* which something must be over, in seconds on *clock*: one budget that is handed down."""

    clock: Clock
    at: float

    @classmethod
    def after(cls, clock: Clock, seconds: float) -> Deadline:
        """So many *seconds* from now."""
        return cls(clock, clock.now() + seconds)

    @property
    def is_over(self) -> bool:
        return self.clock.now() >= self.at

    def remaining(self) -> float:
        """Seconds that are left, 0 at least."""
        return max(self.at - self.clock.now(), 0.0)

    def within(self, seconds: float | None) -> Deadline:
        """The same, but in so many *seconds* from now at the latest; None is no such limit."""
        return self if seconds is None else self.no_later_than(self.clock.now() + seconds)

    def no_later_than(self, moment: float) -> Deadline:
        """The same, or the *moment* on the clock if that comes first."""
        return self if moment >= self.at else replace(self, at=moment)

    def share(self, part: float) -> Deadline:
        """When a *part* of the time that is left will be over, 1.0 being all of it."""
        return self.within(self.remaining() * part)
