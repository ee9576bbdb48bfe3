"""How much a key, or all the keys of a team together, may use."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

Reset: TypeAlias = Literal["daily", "weekly", "monthly"]
"""When a budget begins anew: with the day, the Monday or the month, in UTC."""
RESETS: Mapping[str, Reset] = {"daily": "daily", "weekly": "weekly", "monthly": "monthly"}
NANOS_PER_USD = 1_000_000_000
"""Money is kept in billionths of a dollar, as whole numbers: sums of them are exact."""


@dataclass(frozen=True, slots=True)
class Limits:
    """
    None is no limit. *budget* is in billionths of a dollar, for each period that *reset* names, or once and for all.
    """

    requests_per_minute: int | None = None
    documents_per_minute: int | None = None
    budget: int | None = None
    reset: Reset | None = None

    @property
    def has_rate(self) -> bool:
        return self.requests_per_minute is not None or self.documents_per_minute is not None


UNLIMITED = Limits()


def to_nanos(usd: float) -> int:
    """USD in billionths, to the nearest one."""
    return round(usd * NANOS_PER_USD)


def to_usd(nanos: int) -> float:
    return nanos / NANOS_PER_USD
