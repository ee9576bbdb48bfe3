"""Requests that a key or its team may not make at the moment, or any more."""

from __future__ import annotations

from dataclasses import dataclass

from rerank_gateway.domain.errors.caller import CallerError


@dataclass(frozen=True, slots=True)
class RateLimit:
    """So many requests a minute, how many are left of it, and the seconds until the next minute begins."""

    limit: int
    remaining: int
    reset: float


class RateLimited(CallerError):
    """The minute's requests or documents are used up; the next ones come in *retry_after* seconds."""

    code = "rate_limited"

    def __init__(self, message: str, retry_after: float, rate: RateLimit | None) -> None:
        super().__init__(message)
        self.retry_after = retry_after
        self.rate = rate


class BudgetExceeded(CallerError):
    """
    What it would cost at the most is not left. *source* is "key" or "team"; *limit* and *spent* are in USD; *resets_at*
    is in epoch seconds, None where the budget never begins anew.
    """

    code = "budget_exceeded"

    def __init__(self, source: str, limit: float, spent: float, resets_at: float | None) -> None:
        super().__init__(f"the budget of this {source} does not allow this request: ${spent:.6g} of ${limit:.6g} spent")
        self.source, self.limit, self.spent, self.resets_at = source, limit, spent, resets_at

    @property
    def used(self) -> float | None:
        """The share of the budget that is spent; None where there is none of it."""
        return self.spent / self.limit if self.limit else None
