"""The calendar of limits."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from rerank_gateway.domain.spending.limits import Reset
from rerank_gateway.domain.spending.periods import Period, first_days, minute_at, period_at


def epoch(text: str) -> float:
    return datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp()


@pytest.mark.parametrize(
    ("reset", "now", "name", "ends"),
    [
        ("daily", "2026-11-28T23:59:59", "2026-11-28", "2026-11-29"),
        ("daily", "2026-12-31T00:00:00", "2026-12-31", "2027-01-01"),
        ("weekly", "2026-11-29T23:59:59", "2026-W48", "2026-11-30"),
        ("weekly", "2027-01-01T12:00:00", "2026-W53", "2027-01-04"),
        ("monthly", "2026-12-31T23:59:59", "2026-12", "2027-01-01"),
        ("monthly", "2028-02-29T00:00:00", "2028-02", "2028-03-01"),
    ],
)
def test_a_budget_begins_anew_with_the_calendar(reset: Reset, now: str, name: str, ends: str) -> None:
    """
    With the day, with the Monday, with the first of the month: at midnight, UTC.
    """
    assert period_at(epoch(now), reset) == Period(name, epoch(ends))


def test_a_budget_without_a_reset_is_for_ever() -> None:
    """
    There is but one period.
    """
    assert period_at(0.0, None) == period_at(epoch("2099-01-01"), None) == Period("all")


def test_a_week_may_begin_in_the_month_before() -> None:
    """
    Reports need the days since either.
    """
    assert first_days(epoch("2026-12-02T10:00:00")) == ("2026-11-30", "2026-12-01")


def test_a_minute_ends_with_the_clock() -> None:
    """
    All environments mean the same minute.
    """
    assert minute_at(epoch("2026-11-28T10:00:59.9")) + 1 == minute_at(epoch("2026-11-28T10:01:00"))
