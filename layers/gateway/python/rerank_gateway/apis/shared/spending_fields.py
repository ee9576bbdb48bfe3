"""Limits, and what is spent of them, in the words of OpenRouter's API."""

from __future__ import annotations

from typing import Any

from rerank_gateway.domain.spending.limits import Limits, to_usd
from rerank_gateway.domain.spending.usage import Spending


def limit_fields(limits: Limits, spending: Spending) -> dict[str, Any]:
    """Limits, and in USD what is spent of them."""
    budget = limits.budget

    return {
        "requests_per_minute": limits.requests_per_minute,
        "documents_per_minute": limits.documents_per_minute,
        "limit": None if budget is None else to_usd(budget),
        "limit_remaining": None if budget is None else to_usd(max(budget - spending.period, 0)),
        "limit_reset": limits.reset,
        "usage": to_usd(spending.total),
        "usage_daily": to_usd(spending.today),
        "usage_weekly": to_usd(spending.week),
        "usage_monthly": to_usd(spending.month),
    }
