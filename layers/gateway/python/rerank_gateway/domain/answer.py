"""What a request came to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

from rerank_gateway.domain.errors import TargetError
from rerank_gateway.domain.ranking import Ranking, ScoreKind
from rerank_gateway.domain.target import Target
from rerank_gateway.domain.usage import Usage


@dataclass(frozen=True, slots=True)
class ProviderScores:
    """A target's own words: pairs of index and score, unchecked, what they used up, and what *kind* they are of."""

    pairs: Sequence[tuple[Any, Any]]
    usage: Usage
    kind: ScoreKind = "probability"


@dataclass(frozen=True, slots=True)
class Attempt:
    """
    One try at one target. *latency* is in seconds; *error* is None when it answered; *parts* are the questions that a
    large request was split into.
    """

    target: Target
    latency: float
    error: TargetError | None = None
    parts: int = 1

    @property
    def status_code(self) -> int:
        return self.error.status_code if self.error else 200


@dataclass(frozen=True, slots=True)
class CachedAnswer:
    """What is kept of an answer, till *expires_at* in epoch seconds: who gave which ranking, without any document."""

    ranking: Ranking
    target: Target
    expires_at: float


CacheStatus: TypeAlias = Literal["hit", "miss", "unavailable"]


@dataclass(frozen=True, slots=True)
class Answer:
    """
    The *ranking* that *target* gave, what it used up, and the attempts that were made for it. *cache* is None where no
    cache was asked for.
    """

    ranking: Ranking
    usage: Usage
    target: Target
    attempts: tuple[Attempt, ...]
    cache: CacheStatus | None = None

    @property
    def answered(self) -> frozenset[Target]:
        """Everyone who gave a ranking for this."""
        return frozenset(attempt.target for attempt in self.attempts if attempt.error is None)

    @property
    def latency(self) -> float:
        """Seconds that the attempt which gave the ranking took; 0 where it was remembered."""
        return next((attempt.latency for attempt in reversed(self.attempts) if attempt.target == self.target), 0.0)
