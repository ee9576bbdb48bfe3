"""What one environment writes to keep an account within its limits."""

from __future__ import annotations

from dataclasses import replace

import pytest

from rerank_gateway.domain.errors import BudgetExceeded, RateLimited, Unavailable
from rerank_gateway.domain.spending.changes import Change, Reply, TooManyWrites
from rerank_gateway.domain.spending.limits import Limits
from rerank_gateway.domain.spending.purse import FUNDS_SHARE
from rerank_gateway.domain.spending.reservation import CALL_LAPSES_S, Demand
from rerank_gateway.use_cases.spending.account_meter import AccountMeter
from rerank_gateway.use_cases.spending.account_writer import AccountWriter
from rerank_gateway.use_cases.spending.reserve import PAUSES_S
from tests.accounts import InMemoryAccounts
from tests.fakes import FakeClock

NOON = 1_795_867_200.0
LIMITS = Limits(requests_per_minute=100_000, budget=1_000_000, reset="daily")
KNOWN, UNKNOWN = Demand(1, 40, is_exact=True), Demand(1, 40)
USAGE = {"usage 2026-11-28 requests x/m": 1}


class BusyAccounts(InMemoryAccounts):
    """Takes no more writes for so many *times*."""

    times = 0

    def make(self, account: str, change: Change) -> Reply:
        if self.times:
            self.times -= 1
            raise TooManyWrites("too many")

        return super().make(account, change)


@pytest.fixture
def accounts() -> BusyAccounts:
    return BusyAccounts()


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock(NOON)


@pytest.fixture
def meter(accounts: BusyAccounts, clock: FakeClock) -> AccountMeter:
    return AccountMeter(AccountWriter(accounts, clock, "key#a"))


def spent(accounts: InMemoryAccounts) -> int:
    return accounts.balances["key#a"]["spent 2026-11-28"]


@pytest.mark.parametrize(("demand", "writes"), [(KNOWN, 1), (UNKNOWN, 2)], ids=["known", "unknown"])
def test_a_lone_request_is_one_write_and_its_cost_another(
    meter: AccountMeter, accounts: BusyAccounts, demand: Demand, writes: int
) -> None:
    """
    The second one only where the cost is not known beforehand.
    """
    meter.settle(meter.take(demand, LIMITS), 40 if demand.is_exact else 10, {})

    assert accounts.writes == writes


@pytest.mark.parametrize("limits", [LIMITS, replace(LIMITS, budget=None), Limits(budget=2_000), Limits()])
@pytest.mark.parametrize("demand", [KNOWN, UNKNOWN, Demand(1)], ids=["known", "unknown", "free"])
@pytest.mark.parametrize("cost", [0, 10, 40])
def test_an_answer_waits_for_one_write_at_most(
    meter: AccountMeter, accounts: BusyAccounts, demand: Demand, limits: Limits, cost: int
) -> None:
    """
    That which reserves; the settlement is sent, and its reply is read with the next request's.
    """
    accounts.is_slow = True
    for requests in range(1, 30):
        before = accounts.waits

        meter.settle(meter.take(replace(demand, usage=USAGE), limits), min(cost, demand.cost), USAGE)

        assert accounts.waits <= before + 1
        accounts.arrive()
        assert accounts.balances["key#a"]["usage 2026-11-28 requests x/m"] >= requests - requests // FUNDS_SHARE


@pytest.mark.parametrize("is_made", [True, None], ids=["made", "not made"])
@pytest.mark.parametrize("limits", [LIMITS, Limits()], ids=["settlement", "usage"])
def test_a_settlement_that_nobody_has_answered_is_made_once(
    meter: AccountMeter, accounts: BusyAccounts, is_made: bool | None, limits: Limits
) -> None:
    """
    The next request sends it again; what was spent and what was used are counted once, and no mark is left.
    """
    first = meter.take(UNKNOWN, limits)
    accounts.lost.append(is_made)
    meter.settle(first, 10, USAGE)

    for _ in range(2):
        meter.settle(meter.take(KNOWN, limits), 40, USAGE)
    balance = accounts.balances["key#a"]

    assert balance["usage 2026-11-28 requests x/m"] == 3
    assert balance.get("spent 2026-11-28") == (90 if limits.budget else None)
    assert len([name for name in balance if name.startswith("held")]) <= 1


@pytest.mark.parametrize("demand", [KNOWN, UNKNOWN], ids=["known", "unknown"])
def test_under_load_there_are_far_fewer_writes_than_requests(
    meter: AccountMeter, accounts: BusyAccounts, demand: Demand
) -> None:
    """
    An environment takes ahead by what it has used.
    """
    for _ in range(2_000):
        meter.settle(meter.take(demand, LIMITS), 40 if demand.is_exact else 10, USAGE)

    assert accounts.writes < 400


def test_a_minute_that_is_full_takes_no_further_writes(meter: AccountMeter, accounts: BusyAccounts) -> None:
    """
    Whoever is over the rate and goes on asking is refused from memory.
    """
    limits = Limits(requests_per_minute=2)
    for _ in range(2):
        meter.take(Demand(1), limits)
    with pytest.raises(RateLimited):
        meter.take(Demand(1), limits)
    before = accounts.writes

    with pytest.raises(RateLimited):
        meter.take(Demand(1), limits)

    assert accounts.writes == before


def test_what_a_dead_call_had_reserved_is_spent(meter: AccountMeter, accounts: BusyAccounts, clock: FakeClock) -> None:
    """
    Its provider may have billed it, so that nobody else gets it; its hold is gone when it has lapsed.
    """
    limits = Limits(budget=60, reset="daily")
    reservation = meter.take(UNKNOWN, limits)
    clock.time += CALL_LAPSES_S + 1

    with pytest.raises(BudgetExceeded):
        AccountMeter(AccountWriter(accounts, clock, "key#a")).take(UNKNOWN, limits)
    meter.take(Demand(1, 20, is_exact=True), limits)
    meter.settle(reservation, 10, {})

    assert spent(accounts) == 60
    assert not any(name.startswith("held") for name in accounts.balances["key#a"])


def test_an_account_that_takes_no_more_writes_is_asked_again_and_for_more(
    meter: AccountMeter, accounts: BusyAccounts, clock: FakeClock
) -> None:
    """
    After three refusals for eight requests at once, which need no write then.
    """
    meter.take(KNOWN, LIMITS)
    accounts.times, before = 3, accounts.writes

    for _ in range(9):
        meter.take(KNOWN, LIMITS)

    assert accounts.writes == before + 1
    assert len(clock.slept) == 3


def test_what_cannot_be_settled_at_once_is_for_the_next_request(meter: AccountMeter, accounts: BusyAccounts) -> None:
    """
    Nothing of the surplus is lost, and nothing is spent twice.
    """
    reservation = meter.take(UNKNOWN, LIMITS)
    accounts.times = 1
    meter.settle(reservation, 10, {})

    meter.take(Demand(1, 30, is_exact=True), LIMITS)

    assert spent(accounts) == 40
    assert not any(name.startswith("held") for name in accounts.balances["key#a"])


def test_waiting_for_an_account_has_an_end(meter: AccountMeter, accounts: BusyAccounts) -> None:
    """
    Some seconds, and then it is a 503.
    """
    accounts.times = len(PAUSES_S)

    with pytest.raises(Unavailable, match="too many ask at once"):
        meter.take(KNOWN, LIMITS)
