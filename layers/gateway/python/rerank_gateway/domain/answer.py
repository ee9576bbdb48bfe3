"""What a request came to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

from rerank_gateway.domain.attempt import Attempt
from rerank_gateway.domain.errors import RateLimit
from rerank_gateway.domain.ranking import DescribedKind, Ranking
from rerank_gateway.domain.target import Target
from rerank_gateway.domain.usage import Usage


@dataclass(frozen=True, slots=True)
class ProviderScores:
    """
    What a provider sent: pairs of index and score, unchecked, what they used up, and what *kind* they are of. *ordered*
    says that their order means something even where scores are equal. *waited* are the seconds that went by here before
    it was asked, *key_number* which of the gateway's keys it was asked with, 0 being none.
    """

    pairs: Sequence[tuple[Any, Any]]
    usage: Usage
    kind: DescribedKind = "probability"
    ordered: bool = False
    waited: float = 0.0
    key_number: int = 0


@dataclass(frozen=True, slots=True)
class CachedAnswer:
    """
    What is kept of an answer, from *kept_at* till *expires_at* in epoch seconds: who gave which ranking, without any
    document, and which of the documents were *truncated*.
    """

    ranking: Ranking
    target: Target
    kept_at: float
    expires_at: float
    truncated: frozenset[int] = frozenset()


CacheStatus: TypeAlias = Literal["hit", "miss", "unavailable"]
Degradation: TypeAlias = Literal["last_resort", "fallback", "truncated"]


@dataclass(frozen=True, slots=True)
class Answer:
    """
    The *ranking* that *target* gave, what it used up, and the attempts that were made for it.

    *is_first_choice* is False for what the caller would rather have had from someone else, and for a fused ranking in
    which somebody is missing; *is_last_resort* is True for what came when everyone else had failed, *won_hedge* for
    what a target gave that was asked beside a slow one. *cache* is None where no cache was asked for. *truncated* are
    the indices of documents that were truncated although nobody had asked for it, *warnings* tells what of the request
    had no effect at whom. *rate* is what is left of the key's requests, where they are limited.
    """

    ranking: Ranking
    usage: Usage
    target: Target
    attempts: tuple[Attempt, ...]
    is_first_choice: bool = True
    is_last_resort: bool = False
    won_hedge: bool = False
    cache: CacheStatus | None = None
    truncated: frozenset[int] = frozenset()
    warnings: tuple[str, ...] = ()
    rate: RateLimit | None = None

    @property
    def degraded(self) -> tuple[Degradation, ...]:
        """In which ways it is less than what was asked for, the worst first."""
        stood_in: tuple[Degradation, ...] = () if self.is_first_choice else ("fallback",)

        return (("last_resort",) if self.is_last_resort else stood_in) + (("truncated",) if self.truncated else ())

    @property
    def latency(self) -> float:
        """Seconds that the attempt which gave the ranking took; 0 where it comes from the cache."""
        return next((attempt.latency for attempt in reversed(self.attempts) if attempt.target == self.target), 0.0)
