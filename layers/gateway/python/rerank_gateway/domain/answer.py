"""What a request came to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

from rerank_gateway.domain.attempt import Attempt
from rerank_gateway.domain.ranking import DescribedKind, Ranking
from rerank_gateway.domain.target import Target
from rerank_gateway.domain.usage import Usage


@dataclass(frozen=True, slots=True)
class ProviderScores:
    """
    What a provider sent: pairs of index and score, unchecked, what they used up, and what *kind* they are of. *ordered*
    says that their order means something even where scores are equal.
    """

    pairs: Sequence[tuple[Any, Any]]
    usage: Usage
    kind: DescribedKind = "probability"
    ordered: bool = False


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


@dataclass(frozen=True, slots=True)
class Answer:
    """
    The *ranking* that *target* gave, what it used up, and the attempts that were made for it.

    *is_first_choice* is False for what the caller would rather have had from someone else, and for a fused ranking in
    which somebody is missing. *cache* is None where no cache was asked for. *truncated* are the indices of documents
    that were truncated although nobody had asked for it, *warnings* tells what of the request had no effect at whom.
    """

    ranking: Ranking
    usage: Usage
    target: Target
    attempts: tuple[Attempt, ...]
    is_first_choice: bool = True
    cache: CacheStatus | None = None
    truncated: frozenset[int] = frozenset()
    warnings: tuple[str, ...] = ()

    @property
    def latency(self) -> float:
        """Seconds that the attempt which gave the ranking took; 0 where it comes from the cache."""
        return next((attempt.latency for attempt in reversed(self.attempts) if attempt.target == self.target), 0.0)
