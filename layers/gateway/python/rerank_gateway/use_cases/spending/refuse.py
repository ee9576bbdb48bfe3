"""Say what a request would have exceeded."""

from __future__ import annotations

from rerank_gateway.domain.errors import BudgetExceeded, RateLimit, RateLimited, TooLarge
from rerank_gateway.domain.spending.limits import to_usd
from rerank_gateway.domain.spending.periods import MINUTE_S
from rerank_gateway.domain.spending.taking import Need, Taking

SPENT_TTL_S = 1.0
"""
Seconds for which a spent budget is not asked about again: whoever goes on asking would have an item written to as
often, in vain, which takes but a thousand writes a second. What others give back is seen that much later.
"""


def refuse_hopeless(taking: Taking, account: str) -> None:
    """Raise what a request gets that no minute, and no period, could ever have room for."""
    for need in taking.rates:
        if need.amount > need.limit > 0:
            raise TooLarge(
                f"the limit of this {_source(account)} is {_counted(need)} a minute: send fewer at once",
                param="documents",
            )
        if need.limit == 0:
            raise _rate_limited(taking, need, account)
    if taking.budget and taking.budget.amount > taking.budget.limit:
        raise _over_budget(taking, taking.budget, account)


def refuse(taking: Taking, account: str, *, held: bool) -> None:
    """Raise what a request gets for which the balance has no room, if it has none."""
    refuse_spent_minute(taking, account)
    balance, budget = taking.purse.balance, taking.budget
    if budget and (0 if held else budget.slice.left) + budget.room(balance) < budget.amount:
        if taking.now >= taking.purse.spent_until:
            taking.purse.spent_until = taking.now + SPENT_TTL_S
        raise _over_budget(taking, budget, account)


def refuse_spent_budget(taking: Taking, account: str) -> None:
    """Raise what a request gets for which the budget had no room a moment ago, by its limit as it is now."""
    if taking.now < taking.purse.spent_until:
        refuse(taking, account, held=False)


def refuse_spent_minute(taking: Taking, account: str) -> None:
    """Raise what a request gets for which the minute has no room, as far as is known: what is taken of one stays so."""
    for need in taking.rates:
        if need.slice.left + need.room(taking.purse.balance) < need.amount:
            raise _rate_limited(taking, need, account)


def _source(account: str) -> str:
    return account.partition("#")[0]


def _counted(need: Need) -> str:
    """The limit, with the name of what is counted."""
    what = need.counter.partition(" ")[0]

    return f"{need.limit} {what.removesuffix('s') if need.limit == 1 else what}"


def _rate_limited(taking: Taking, need: Need, account: str) -> RateLimited:
    reset = MINUTE_S - taking.now % MINUTE_S
    requests, purse = taking.limits.requests_per_minute, taking.purse
    rate = None
    if requests is not None:
        left = next(taking.rates).room(purse.balance) + purse.requests.left
        rate = RateLimit(requests, max(left, 0), reset)

    return RateLimited(
        f"the limit of this {_source(account)} is {_counted(need)} a minute, and it is reached", reset, rate
    )


def _over_budget(taking: Taking, budget: Need, account: str) -> BudgetExceeded:
    spent = taking.purse.balance.get(budget.counter, 0)

    return BudgetExceeded(_source(account), to_usd(budget.limit), to_usd(spent), taking.period.ends)
