"""
What is used, as UsageTable has it: the account of each key and team has a balance, and an item for each day before.

The balance is one item, so that one conditional write can take from every limit at once. What belongs to a period, a
minute or a day has that in its name: what is over is not looked at any more, without anyone setting it back.

| attribute | what it counts |
|---|---|
| `spent PERIOD` | billionths of a dollar that are taken of the period's budget, what is reserved among them |
| `held PERIOD LAPSES HOLD` | what is reserved of them, until that moment in epoch seconds |
| `requests MINUTE`, `documents MINUTE` | what is taken of the minute |
| `usage DAY requests MODEL`, … `documents`, … `cost` | what was used, until it is moved into the day's own item |
| `total` | what was ever used, in billionths of a dollar |
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, TypeAlias

from rerank_gateway.domain.spending.counters import TOTAL, holds, lapsed, spent_in
from rerank_gateway.domain.spending.limits import Reset
from rerank_gateway.domain.spending.periods import day_at, first_days, period_at
from rerank_gateway.domain.spending.usage import Spending, UsageEntry

BALANCE = "balance"
"""The sort key of what is counted now; it stands before those of all days."""
DAY_PREFIX = "day#"
USAGE_KEPT_S = 400 * 86_400
"""Seconds for which a day's usage is kept: a year's report can be had for a month."""

Item: TypeAlias = Mapping[str, Mapping[str, Any]]
Counts: TypeAlias = dict[tuple[str, str], dict[str, int]]
"""The requests, documents and cost that were counted, by day and model."""


def number(item: Item, name: str) -> int:
    return int(item[name]["N"]) if name in item else 0


def counts(items: Iterator[Item]) -> Counts:
    """What the *items* of one account say; what is still in the balance goes before what is moved."""
    found: Counts = {}
    # The balance is the first of them.
    for item in items:
        for name, value in item.items():
            if name.startswith("usage "):
                _, day, field, model = name.split(" ", 3)
                found.setdefault((day, model), {}).setdefault(field, int(value["N"]))

    return found


def to_entries(account: str, items: list[Item]) -> Iterator[UsageEntry]:
    """The usage that the *items* of a key tell of."""
    team = next((item["team"]["S"] for item in items if "team" in item), "")
    teams = {item["entry"]["S"].removeprefix(DAY_PREFIX): item.get("team", {}).get("S", "") for item in items}
    for (day, model), fields in sorted(counts(iter(items)).items()):
        yield UsageEntry(day, teams.get(day, team), account.partition("#")[2], model, **fields)


def to_spending(items: list[Item], reset: Reset | None, now: float) -> Spending:
    """What the *items* of a key or a team say of its spending."""
    balance = next((item for item in items if item["entry"]["S"] == BALANCE), {})
    period = period_at(now, reset).name
    reserved, free = held(balance, period, now)
    costs = {key: fields.get("cost", 0) for key, fields in counts(iter(items)).items()}
    week, month = first_days(now)

    return Spending(
        period=number(balance, spent_in(period)) - free,
        reserved=reserved,
        today=sum(cost for (day, _), cost in costs.items() if day == day_at(now)),
        week=sum(cost for (day, _), cost in costs.items() if day >= week),
        month=sum(cost for (day, _), cost in costs.items() if day >= month),
        total=number(balance, TOTAL),
    )


def held(balance: Item, period: str, now: float) -> tuple[int, int]:
    """What is reserved of the budget of *period*, and what is still counted as spent, but is not."""
    held = {name: number(balance, name) for name in balance if name.startswith("held ")}

    return (
        sum(held[name] for name, moment in holds(held, period).items() if moment > now),
        sum(held[name] for name in lapsed(held, period, now)),
    )
