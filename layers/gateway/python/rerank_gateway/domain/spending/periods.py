"""The calendar of limits, in UTC."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from rerank_gateway.domain.spending.limits import Reset

FOREVER = "all"
"""The period of a budget that never begins anew."""
NO_PERIOD = "-"
"""In the place of one, where there is no budget."""
MINUTE_S = 60


@dataclass(frozen=True, slots=True)
class Period:
    """A *name* that no other period has, and the moment in epoch seconds at which it *ends*; None for never."""

    name: str
    ends: float | None = None


def period_at(now: float, reset: Reset | None) -> Period:
    """The period in which *now*, in epoch seconds, is. Weeks are those of ISO 8601: they begin on a Monday."""
    if reset is None:
        return Period(FOREVER)
    moment = datetime.fromtimestamp(now, UTC)
    midnight = moment.replace(hour=0, minute=0, second=0, microsecond=0)
    if reset == "daily":
        return Period(day_at(now), (midnight + timedelta(days=1)).timestamp())
    if reset == "weekly":
        monday = midnight - timedelta(days=midnight.weekday())
        return Period(f"{monday:%G-W%V}", (monday + timedelta(days=7)).timestamp())
    first = midnight.replace(day=1)

    return Period(f"{first:%Y-%m}", (first + timedelta(days=32)).replace(day=1).timestamp())


def day_at(now: float) -> str:
    """The day of *now*, in epoch seconds, as ISO 8601 writes it."""
    return f"{datetime.fromtimestamp(now, UTC):%Y-%m-%d}"


def epoch_of_day(day: str) -> float:
    """When the *day* began, in epoch seconds."""
    return datetime.fromisoformat(day).replace(tzinfo=UTC).timestamp()


def first_days(now: float) -> tuple[str, str]:
    """The first day of the week and that of the month in which *now* is."""
    moment = datetime.fromtimestamp(now, UTC)
    monday = moment - timedelta(days=moment.weekday())

    return f"{monday:%Y-%m-%d}", f"{moment:%Y-%m}-01"


def minute_at(now: float) -> int:
    """The minute of the calendar in which *now*, in epoch seconds, is."""
    return int(now // MINUTE_S)
