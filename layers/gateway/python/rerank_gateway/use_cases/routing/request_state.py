"""A request on its way through its plan."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from rerank_gateway.domain.answer import Attempt
from rerank_gateway.domain.errors import TargetError
from rerank_gateway.domain.request import RerankRequest
from rerank_gateway.use_cases.routing.target_call import TargetCall


@dataclass(slots=True)
class RequestState:
    """*deadline* is a moment on the clock, *untried* the number of targets that have not had their turn."""

    request: RerankRequest
    deadline: float
    untried: int
    attempts: list[Attempt] = field(default_factory=list)

    def until(self, now: float, targets: int = 1) -> float:
        """Till when the next *targets* are asked: their share of the time, so that those behind them get their turn."""
        share = targets / self.untried
        self.untried -= targets
        if self.request.call_timeout:
            return self.deadline

        return now + (self.deadline - now) * share

    def cancel(self, calls: Iterable[TargetCall], error: TargetError, now: float) -> None:
        """Note *error* for *calls* of which nothing was heard, and have nothing more tried in them."""
        for call in calls:
            call.cancelled = True
            self.attempts.append(Attempt(call.target, now - call.started, error))
