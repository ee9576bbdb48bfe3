"""A request that its key and its team both limit."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from rerank_gateway.domain.errors import BudgetExceeded, GatewayError, RateLimited
from rerank_gateway.domain.keys import VirtualKey
from rerank_gateway.domain.spending.counters import JOBS, spent_in, usage_of
from rerank_gateway.domain.spending.limits import Limits
from rerank_gateway.domain.spending.reservation import Demand
from rerank_gateway.use_cases.spending.admission import Admit
from tests.accounts import InMemoryAccounts
from tests.fakes import FakeClock

NOON = 1_795_867_200.0
DAY = "2026-11-28"
USAGE = usage_of(DAY, "x/m", 1, 10)
KNOWN, UNKNOWN = Demand(1, 40, is_exact=True, usage=USAGE), Demand(1, 40, usage=USAGE)
WIDE = Limits(requests_per_minute=100, budget=10_000, reset="daily")
NARROW = Limits(requests_per_minute=100, budget=100, reset="daily")
NOTHING = Limits(budget=30, reset="daily")


@pytest.fixture
def accounts() -> InMemoryAccounts:
    return InMemoryAccounts(is_slow=True)


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock(NOON)


@pytest.fixture
def admit(accounts: InMemoryAccounts, clock: FakeClock) -> Admit:
    return Admit(accounts, clock)


def key(own: Limits, team: Limits) -> VirtualKey:
    return VirtualKey("a", team="t", limits=own, team_limits=team)


def spent(accounts: InMemoryAccounts) -> Mapping[str, int]:
    accounts.arrive()

    return {name: balance.get(spent_in(DAY), 0) for name, balance in accounts.balances.items()}


@pytest.mark.parametrize("demand", [KNOWN, UNKNOWN], ids=["known", "unknown"])
def test_an_answer_waits_for_both_at_once(admit: Admit, accounts: InMemoryAccounts, demand: Demand) -> None:
    """
    For one round trip, and for none with their settlements.
    """
    for _ in range(30):
        before = accounts.waits

        admit(key(WIDE, WIDE), demand).settle(10, USAGE)

        assert accounts.waits <= before + 1
        accounts.arrive()
    assert all(30 * 10 <= amount <= 30 * 10 * 1.05 + 40 for amount in spent(accounts).values())


def test_a_job_is_let_in_by_both_at_once(admit: Admit, accounts: InMemoryAccounts) -> None:
    """
    The hold that all jobs of a day share is made once, whichever answer is lost.
    """
    accounts.lost = [False, True]

    admit.reserve(key(WIDE, WIDE), KNOWN, JOBS, int(NOON) + 86_400)

    assert spent(accounts) == {"key#a": 40, "team#t": 40}
    assert accounts.waits == 2


@pytest.mark.parametrize(("own", "team"), [(WIDE, NARROW), (NARROW, WIDE), (NARROW, NARROW)])
@pytest.mark.parametrize("hold", ["", JOBS], ids=["call", "job"])
def test_what_one_has_reserved_goes_back_when_the_other_refuses(
    admit: Admit, accounts: InMemoryAccounts, clock: FakeClock, own: Limits, team: Limits, hold: str
) -> None:
    """
    Which nobody waits for; who asks again has nothing reserved in vain.
    """
    lapses = int(NOON) + 86_400 if hold else 0
    for _ in range(2):
        Admit(accounts, clock).reserve(key(own, team), KNOWN, hold, lapses)
    before = accounts.waits

    with pytest.raises(BudgetExceeded):
        admit.reserve(key(own, team), KNOWN, hold, lapses)
    waits = accounts.waits - before
    writes = accounts.writes + len(accounts.under_way)
    clock.time += 2.0
    with pytest.raises(BudgetExceeded):
        admit.reserve(key(own, team), KNOWN, hold, lapses)

    assert waits == 1
    assert spent(accounts) == {"key#a": 80, "team#t": 80}
    assert accounts.writes <= writes + 1


@pytest.mark.parametrize(
    ("own", "team", "error"), [(WIDE, NOTHING, BudgetExceeded), (WIDE, Limits(requests_per_minute=0), RateLimited)]
)
def test_what_the_team_can_refuse_at_once_has_nothing_reserved(
    admit: Admit, accounts: InMemoryAccounts, own: Limits, team: Limits, error: type[GatewayError]
) -> None:
    """
    Of the key's, as of the team's.
    """
    with pytest.raises(error):
        admit(key(own, team), KNOWN)

    assert accounts.writes + len(accounts.under_way) == 0


@pytest.mark.parametrize("lost", [[True], [None], [False, True], [True, False, True]])
def test_a_reservation_that_nobody_has_answered_is_made_once(
    admit: Admit, accounts: InMemoryAccounts, lost: list[bool | None]
) -> None:
    """
    It is sent once more; its mark is gone with the next write.
    """
    accounts.lost = list(lost)

    for _ in range(2):
        admit(key(WIDE, WIDE), UNKNOWN).settle(10, USAGE)

    assert spent(accounts) == {"key#a": 20, "team#t": 20}
    assert not any(name.startswith("held") for balance in accounts.balances.values() for name in balance)
    assert accounts.balances["key#a"][f"usage {DAY} requests x/m"] == 2


def test_yesterdays_usage_is_moved_while_nobody_waits(
    admit: Admit, accounts: InMemoryAccounts, clock: FakeClock
) -> None:
    """
    Once, with the first answer of a day that has well begun.
    """
    admit(key(WIDE, WIDE), KNOWN).settle(40, USAGE)
    clock.time += 13 * 3_600
    before = accounts.waits

    for _ in range(2):
        admit(key(WIDE, WIDE), Demand(1, 40, is_exact=True)).settle(40, {})

    assert accounts.waits == before + 2
    assert accounts.days["key#a", DAY] == {name: number for name, number in USAGE.items() if name.startswith("usage")}
    assert not any(name.startswith("usage") for name in accounts.balances["key#a"])
