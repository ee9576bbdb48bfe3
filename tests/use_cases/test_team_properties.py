"""No interleaving whatsoever has the limits of a key or of its team exceeded."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from rerank_gateway.domain.errors import BudgetExceeded, RateLimited, Unavailable
from rerank_gateway.domain.keys import VirtualKey
from rerank_gateway.domain.spending.counters import holds, spent_in
from rerank_gateway.domain.spending.limits import Limits
from rerank_gateway.domain.spending.reservation import Demand
from rerank_gateway.use_cases.spending.admission import Admission, Admit
from tests.accounts import InMemoryAccounts
from tests.fakes import FakeClock

DAY, NOON = "2026-11-28", 1_795_867_200.0
LIMITS = {
    "key#a": Limits(requests_per_minute=40, budget=500, reset="daily"),
    "key#b": Limits(budget=400, reset="daily"),
    "team#t": Limits(requests_per_minute=60, documents_per_minute=300, budget=700, reset="daily"),
}
ENVIRONMENTS = 3


def key(name: str) -> VirtualKey:
    return VirtualKey(name, team="t", limits=LIMITS[f"key#{name}"], team_limits=LIMITS["team#t"])


@dataclass
class Environment:
    """One that has calls under way: whose each is, and the most that it may cost."""

    admit: Admit
    calls: list[tuple[str, Admission, int]] = field(default_factory=list)


class Interleavings(RuleBasedStateMachine):
    """Environments let requests in, settle, crash and lose answers as they like, for two keys of a team."""

    def __init__(self) -> None:
        super().__init__()
        self.accounts, self.clock = InMemoryAccounts(is_slow=True), FakeClock(NOON)
        self.environments = [self.new() for _ in range(ENVIRONMENTS)]
        self.paid: Counter[str] = Counter()

    def new(self) -> Environment:
        return Environment(Admit(self.accounts, self.clock))

    @rule(
        place=st.integers(0, ENVIRONMENTS - 1),
        name=st.sampled_from("ab"),
        cost=st.integers(0, 90),
        is_exact=st.booleans(),
        times=st.integers(1, 12),
        share=st.floats(0.0, 1.0),
    )
    def call_and_settle(self, place: int, name: str, cost: int, is_exact: bool, times: int, share: float) -> None:
        """Calls that are soon over; enough of them for an environment to take ahead."""
        for _ in range(times):
            self.call(place, name, cost, is_exact)
            self.settle(place, 1.0 if is_exact else share)

    @rule(
        place=st.integers(0, ENVIRONMENTS - 1),
        name=st.sampled_from("ab"),
        cost=st.integers(0, 400),
        is_exact=st.booleans(),
    )
    def call(self, place: int, name: str, cost: int, is_exact: bool) -> None:
        environment = self.environments[place]
        try:
            admission = environment.admit(key(name), Demand(3, cost, is_exact))
        except (RateLimited, BudgetExceeded, Unavailable):
            return
        environment.calls.append((name, admission, cost))

    @rule(place=st.integers(0, ENVIRONMENTS - 1), share=st.floats(0.0, 1.0))
    def settle(self, place: int, share: float) -> None:
        """What a call has cost is a share of what was reserved: none, where it failed."""
        environment = self.environments[place]
        if not environment.calls:
            return
        name, admission, most = environment.calls.pop()
        cost = int(most * share)
        admission.settle(cost, {})
        self.paid.update({f"key#{name}": cost, "team#t": cost})

    @rule(place=st.integers(0, ENVIRONMENTS - 1))
    def crash(self, place: int) -> None:
        self.environments[place] = self.new()

    @rule()
    def arrive(self) -> None:
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
        self.clock.time += seconds

    @invariant()
    def nothing_overshoots(self) -> None:
        """0 ≤ spent + reserved ≤ limit, and all that was paid for is in it."""
        for account, limits in LIMITS.items():
            balance = self.accounts.balances.get(account, {})
            counted = balance.get(spent_in(DAY), 0)
            reserved = sum(balance[name] for name in holds(balance, DAY))

            assert limits.budget is not None
            assert counted - reserved >= 0
            assert self.paid[account] <= counted <= limits.budget


Interleavings.TestCase.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)
TestInterleavings = Interleavings.TestCase
