"""How long targets take to wake that sleep while nobody asks, as far as this environment has seen it."""

from __future__ import annotations

from dataclasses import dataclass, field

from rerank_gateway.domain.clock import Clock
from rerank_gateway.domain.target import Target

MAX_TARGETS = 1_000
"""Targets of which it is kept. Callers choose models as they like."""


@dataclass(frozen=True, slots=True)
class WakeTimes:
    """Since which moment of the calendar each target has been asked in vain, as it was asleep. For any threads."""

    clock: Clock
    asleep_since: dict[Target, float] = field(default_factory=dict)

    def found_asleep(self, target: Target) -> None:
        if len(self.asleep_since) < MAX_TARGETS:
            self.asleep_since.setdefault(target, self.clock.calendar())

    def answered(self, target: Target) -> float | None:
        """The seconds since *target* was first found asleep; None where it was not, or has answered since."""
        since = self.asleep_since.pop(target, None)

        return None if since is None else self.clock.calendar() - since
