"""What responses say of a key's limits."""

from __future__ import annotations

from collections.abc import Mapping
from math import ceil

from rerank_gateway.domain.errors import BudgetExceeded, RateLimit, RateLimited


def budget_metadata(error: Exception) -> Mapping[str, str | float]:
    """What a caller may do with a spent budget, in OpenRouter's words."""
    if not isinstance(error, BudgetExceeded):
        return {}
    from rerank_gateway.domain.jobs.job import rfc3339  # for the few who have spent all

    facts: dict[str, str | float] = {
        "limit_source": error.source,
        "scope": error.source,
        "limit_usd": error.limit,
        "spend_usd": error.spent,
    }

    return facts | ({"resets_at": rfc3339(error.resets_at)} if error.resets_at else {})


def limit_headers(error: Exception) -> dict[str, str]:
    """What goes with a refusal by a limit: what is left, or that nothing will be for long."""
    if isinstance(error, RateLimited):
        return rate_headers(error.rate)

    # What several clients look for, some of which would repeat a 429 at once.
    return {"x-should-retry": "false"} if isinstance(error, BudgetExceeded) else {}


def rate_headers(rate: RateLimit | None) -> dict[str, str]:
    """How many requests are allowed, how many are left, and in how many seconds it begins anew."""
    if rate is None:
        return {}
    numbers = {"limit": rate.limit, "remaining": rate.remaining, "reset": ceil(rate.reset)}

    return {f"x-ratelimit-{name}-requests": str(number) for name, number in numbers.items()}
