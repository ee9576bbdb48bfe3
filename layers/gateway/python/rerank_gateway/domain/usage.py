"""What rankings use up."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import fsum


@dataclass(frozen=True, slots=True)
class Usage:
    """What an answer used up. Counters are 0 and *search_units* and *cost* (USD) None where nobody said."""

    prompt_tokens: int = 0
    completion_tokens: int = 0
    total_tokens: int = 0
    search_units: int | None = None
    cost: float | None = None

    @classmethod
    def total(cls, usages: Iterable[Usage]) -> Usage:
        """All of *usages* together; what they cost only where that is known of each."""
        parts = tuple(usages)
        costs, units = [part.cost for part in parts], [part.search_units for part in parts]

        return cls(
            sum(part.prompt_tokens for part in parts),
            sum(part.completion_tokens for part in parts),
            sum(part.total_tokens for part in parts),
            # Who counts no search units used none.
            None if all(unit is None for unit in units) else sum(unit or 0 for unit in units),
            None if None in costs else fsum(cost or 0.0 for cost in costs),
        )


NO_USAGE = Usage()
