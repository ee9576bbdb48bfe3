"""
What the counters of an account are called. What belongs to a period, a minute or a day has that in its name: what is
over is not looked at any more, without anyone setting it back.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

from rerank_gateway.domain.spending.periods import day_at, minute_at, period_at

Balance: TypeAlias = Mapping[str, int]
"""The counters of an account, by their names."""
TOTAL = "total"
"""What was ever spent, in billionths of a dollar."""
MAX_MODEL_CHARS = 100
"""Of a model's name. Callers choose among models as they like, and an account is but one item."""
JOBS = "jobs"
"""The one hold for all jobs whose reservations lapse at the same moment."""
MINUTES = ("requests", "documents")
"""What is counted by the minute."""


def spent_in(period: str) -> str:
    """What is taken of the budget of *period*, in billionths of a dollar, what is held of it among it."""
    return f"spent {period}"


def held_in(period: str, lapses: int, hold: str) -> str:
    """What the *hold* of that name has reserved of the budget of *period*, until it *lapses*, in epoch seconds."""
    return f"held {period} {lapses} {hold}"


def in_minute(what: str, minute: int) -> str:
    """How many *what*, one of MINUTES, are taken of the *minute*."""
    return f"{what} {minute}"


def usage_of(day: str, model: str, documents: int, cost: int) -> Balance:
    """One request to *model*, with so many *documents*, for so much."""
    numbers = {"requests": 1, "documents": documents, "cost": cost}
    counted = {f"usage {day} {field} {model[:MAX_MODEL_CHARS]}": number for field, number in numbers.items()}

    return counted | {TOTAL: cost}


def holds(balance: Balance, period: str) -> dict[str, int]:
    """The counters in *balance* that hold something of the budget of *period*, and when each lapses."""
    return {name: int(name.split(" ")[2]) for name in balance if name.startswith(f"held {period} ")}


def lapsed(balance: Balance, period: str, now: float) -> list[str]:
    """
    The counters in *balance* that hold something of the budget of *period* for jobs that are over: nobody was asked for
    these. What a call held whose process died stays spent, as its provider may have billed it.
    """
    return [name for name, moment in holds(balance, period).items() if moment <= now and name.endswith(f" {JOBS}")]


def stale(balance: Balance, now: float) -> list[str]:
    """The names in *balance* that nobody needs any more: of minutes and periods that are over, and of holds."""
    current = {period_at(now, reset).name for reset in ("daily", "weekly", "monthly", None)}
    # Clocks differ a little, and so an environment may still be in the minute before.
    minute = minute_at(now) - 1

    return [name for name in balance if _is_stale(name.split(" "), balance[name], current, (minute, now))]


def _is_stale(words: list[str], number: int, current: set[str], moment: tuple[int, float]) -> bool:
    minute, now = moment
    if words[0] in MINUTES:
        return int(words[1]) < minute
    if words[0] == "held":
        return int(words[2]) <= now and (words[1] not in current or number == 0 or words[3] != JOBS)

    return words[0] == "spent" and words[1] not in current


def past_usage(balance: Balance, now: float) -> dict[str, Balance]:
    """The usage in *balance* that is of days before today, by day."""
    today, found = day_at(now), dict[str, dict[str, int]]()
    for name, number in balance.items():
        kind, _, rest = name.partition(" ")
        if kind == "usage" and (day := rest[:10]) < today:
            found.setdefault(day, {})[name] = number

    return dict(found)
