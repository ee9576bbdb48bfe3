"""What rankings use up."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Usage:
    """What an answer used up. Counters are 0 and *search_units* and *cost* (USD) None where nobody said."""

    prompt_tokens: int = 0
    completion_tokens: int = 0
    total_tokens: int = 0
    search_units: int | None = None
    cost: float | None = None

    def __add__(self, other: Usage) -> Usage:
        return Usage(
            self.prompt_tokens + other.prompt_tokens,
            self.completion_tokens + other.completion_tokens,
            self.total_tokens + other.total_tokens,
            _sum(self.search_units, other.search_units),
            _sum(self.cost, other.cost),
        )


def _sum(one: int | float | None, other: int | float | None) -> Any:
    """The sum of what is known; None where neither is."""
    if one is None or other is None:
        return one if other is None else other

    return one + other
