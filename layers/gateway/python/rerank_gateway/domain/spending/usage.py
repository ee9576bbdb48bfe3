"""Who used how much."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from rerank_gateway.domain.spending.periods import day_at, first_days


@dataclass(frozen=True, slots=True)
class UsageEntry:
    """
    What a *key*, by its id, had one *model* do on one *day* (ISO 8601, UTC). *cost* is in billionths of a dollar;
    *team* is the one that the key belonged to last that day, "" where it had none.
    """

    day: str
    team: str
    key: str
    model: str
    requests: int = 0
    documents: int = 0
    cost: int = 0


@dataclass(frozen=True, slots=True)
class Spending:
    """
    What a key or a team has spent, in billionths of a dollar: in the current *period* of its budget, *reserved* things
    included, and what is settled of *today*, this *week*, this *month* and in *total*.
    """

    period: int = 0
    reserved: int = 0
    today: int = 0
    week: int = 0
    month: int = 0
    total: int = 0


def spending_of_team(team: str, account: Spending, entries: Iterable[UsageEntry], now: float) -> Spending:
    """What *team* has spent: of its budget, as its *account* says, and what the *entries* of its keys come to."""
    costs = [(entry.day, entry.cost) for entry in entries if entry.team == team]
    week, month = first_days(now)

    return replace(
        account,
        today=sum(cost for day, cost in costs if day == day_at(now)),
        week=sum(cost for day, cost in costs if day >= week),
        month=sum(cost for day, cost in costs if day >= month),
        total=sum(cost for _, cost in costs),
    )
