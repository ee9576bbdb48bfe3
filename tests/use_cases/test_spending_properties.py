"""No interleaving whatsoever has a limit exceeded."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from rerank_gateway.domain.errors import BudgetExceeded, RateLimited, Unavailable
from rerank_gateway.domain.spending.counters import holds, spent_in
from rerank_gateway.domain.spending.limits import Limits
from rerank_gateway.domain.spending.periods import minute_at, period_at
from rerank_gateway.domain.spending.reservation import CALL_LAPSES_S, Demand, Reservation
from rerank_gateway.use_cases.spending.account_meter import AccountMeter
from rerank_gateway.use_cases.spending.account_writer import AccountWriter
from tests.accounts import InMemoryAccounts
from tests.fakes import FakeClock

LIMITS = Limits(requests_per_minute=60, documents_per_minute=300, budget=1_000, reset="daily")
ENVIRONMENTS = 3
LONGEST_CALL_S = 180.0
"""No function runs longer."""


@dataclass
class Environment:
    """One that has calls under way: each with its reservation, and when it began."""

    meter: AccountMeter
    calls: list[tuple[Reservation, float]] = field(default_factory=list)


class Interleavings(RuleBasedStateMachine):
    """Environments take, settle, release, crash and lose answers as they like, and time goes by."""

    def __init__(self) -> None:
        super().__init__()
        self.accounts, self.clock = InMemoryAccounts(is_slow=True), FakeClock(1_795_824_000.0 + 43_200)
        self.environments = [self.new() for _ in range(ENVIRONMENTS)]
        self.granted: Counter[int] = Counter()
        self.paid: Counter[str] = Counter()

    def new(self) -> Environment:
        return Environment(AccountMeter(AccountWriter(self.accounts, self.clock, "key#a")))

    @rule(
        place=st.integers(0, ENVIRONMENTS - 1),
        cost=st.integers(0, 90),
        documents=st.integers(1, 9),
        is_exact=st.booleans(),
        times=st.integers(1, 12),
        share=st.floats(0.0, 1.0),
    )
    def call_and_settle(self, place: int, cost: int, documents: int, is_exact: bool, times: int, share: float) -> None:
        """Calls that are soon over; enough of them for an environment to take ahead."""
        for _ in range(times):
            self.call(place, cost, documents, is_exact)
            self.settle(place, 1.0 if is_exact else share)

    @rule(
        place=st.integers(0, ENVIRONMENTS - 1),
        cost=st.integers(0, 400),
        documents=st.integers(1, 9),
        is_exact=st.booleans(),
    )
    def call(self, place: int, cost: int, documents: int, is_exact: bool) -> None:
        environment = self.environments[place]
        try:
            reservation = environment.meter.take(Demand(documents, cost, is_exact), LIMITS)
        except (RateLimited, BudgetExceeded, Unavailable):
            return
        self.granted[minute_at(self.clock.epoch())] += 1
        environment.calls.append((reservation, self.clock.epoch()))

    @rule(place=st.integers(0, ENVIRONMENTS - 1), share=st.floats(0.0, 1.0))
    def settle(self, place: int, share: float) -> None:
        """What a call has cost is a share of what was reserved: none, where it failed."""
        environment = self.environments[place]
        if not environment.calls:
            return
        reservation, _ = environment.calls.pop()
        cost = int(reservation.amount * share)
        try:
            environment.meter.settle(reservation, cost, {})
        except Unavailable:
            return
        self.paid[reservation.period] += cost

    @rule(place=st.integers(0, ENVIRONMENTS - 1))
    def crash(self, place: int) -> None:
        self.environments[place] = self.new()

    @rule()
    def arrive(self) -> None:
        """What was sent, and nobody has waited for, is made; also that of an environment that has crashed since."""
        self.accounts.arrive()

    @rule()
    def lose_what_is_under_way(self) -> None:
        for begun in self.accounts.under_way:
            begun.outcome = Unavailable("it was not reached")
        self.accounts.under_way.clear()

    @rule(lost=st.lists(st.sampled_from([True, None]), max_size=3))
    def lose_answers(self, lost: list[bool | None]) -> None:
        self.accounts.lost += lost

    @rule(seconds=st.floats(0.0, 90.0))
    def go_on(self, seconds: float) -> None:
        self._pass(seconds)

    @precondition(lambda self: not any(environment.calls for environment in self.environments))
    @rule(seconds=st.sampled_from([CALL_LAPSES_S / 2, CALL_LAPSES_S + 1.0, 50_000.0]))
    def wait_for_long(self, seconds: float) -> None:
        self._pass(seconds)

    def _pass(self, seconds: float) -> None:
        self.clock.time += seconds
        for environment in self.environments:
            # A function whose time is over is killed.
            calls = [call for call in environment.calls if self.clock.epoch() - call[1] <= LONGEST_CALL_S]
            if len(calls) < len(environment.calls):
                self.environments[self.environments.index(environment)] = self.new()

    @invariant()
    def nothing_overshoots(self) -> None:
        """0 ≤ spent + reserved ≤ limit, and all that was paid for is in it."""
        balance = self.accounts.balances.get("key#a", {})
        period = period_at(self.clock.epoch(), "daily").name
        counted = balance.get(spent_in(period), 0)
        reserved = sum(balance[name] for name in holds(balance, period))

        assert LIMITS.budget is not None
        assert counted - reserved >= 0
        assert self.paid[period] <= counted <= LIMITS.budget
        assert all(count <= 60 for count in self.granted.values())


Interleavings.TestCase.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)
TestInterleavings = Interleavings.TestCase
