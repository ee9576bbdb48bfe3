"""All that is tried at one target, and what comes of it."""

from __future__ import annotations

from dataclasses import dataclass, field

from rerank_gateway.domain.answer import Attempt
from rerank_gateway.domain.errors import TargetError
from rerank_gateway.domain.ranking import Ranking
from rerank_gateway.domain.target import Target
from rerank_gateway.domain.usage import Usage


@dataclass(frozen=True, slots=True)
class TargetResult:
    """A target's checked ranking, what it used up, and the seconds that it took."""

    ranking: Ranking
    usage: Usage
    latency: float


@dataclass(slots=True)
class TargetCall:
    """
    All that was tried at one target from *started* on, a moment on the clock, and what came of it. Once it is
    *cancelled*, nothing more is tried.
    """

    target: Target
    started: float
    attempts: list[Attempt] = field(default_factory=list)
    found: TargetResult | None = None
    cancelled: bool = False

    def failed(self, error: TargetError, now: float) -> None:
        """Note *error*, unless the try that it ended has been noted."""
        if all(attempt.error is not error for attempt in self.attempts):
            self.attempts.append(Attempt(self.target, now - self.started, error))
