"""What a request came to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from rerank_gateway.domain.errors import TargetError
from rerank_gateway.domain.ranking import Ranking
from rerank_gateway.domain.target import Target


@dataclass(frozen=True, slots=True)
class Usage:
    """What an answer used up. Counters are 0 and *search_units* and *cost* (USD) None where nobody said."""

    prompt_tokens: int = 0
    completion_tokens: int = 0
    total_tokens: int = 0
    search_units: int | None = None
    cost: float | None = None


@dataclass(frozen=True, slots=True)
class Scores:
    """A target's own words: pairs of index and score, unchecked, and what they used up."""

    pairs: Sequence[tuple[Any, Any]]
    usage: Usage


@dataclass(frozen=True, slots=True)
class Attempt:
    """One try at one target. *latency* is in seconds; *error* is None when it answered."""

    target: Target
    latency: float
    error: TargetError | None = None

    @property
    def status_code(self) -> int:
        return self.error.status_code if self.error else 200


@dataclass(frozen=True, slots=True)
class Answer:
    """A ranking, what it used up, and the attempts that led to it, the last of which gave it."""

    ranking: Ranking
    usage: Usage
    attempts: tuple[Attempt, ...]

    @property
    def target(self) -> Target:
        return self.attempts[-1].target
