"""
One key under the load of many environments: the gateway's own code, on a clock and a table that are played. Some
environments freeze for a while, others crash in the middle of a call that the provider bills all the same. The table
refuses what is more than a thousand writes a second, and who is refused waits and comes again. Prints what was written,
what was let in, and what of the limits stayed unused; exits 1 when one of them was exceeded.

Use: `python -m benchmarks.limits [--environments 500] [--rate 10000] [--seconds 120]`.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from dataclasses import dataclass, field
from random import Random

from benchmarks.hot_item import HotItem
from rerank_gateway.domain.errors import BudgetExceeded, RateLimited, Unavailable
from rerank_gateway.domain.spending.limits import Limits
from rerank_gateway.domain.spending.periods import minute_at
from rerank_gateway.domain.spending.reservation import Demand
from rerank_gateway.use_cases.spending.account_meter import AccountMeter
from rerank_gateway.use_cases.spending.account_writer import AccountWriter
from tests.fakes import FakeClock

COST, AT_MOST = 1_000_000, 4_000_000
"""Billionths of a dollar that a call costs on average, and that are reserved for it: tokens are counted afterwards."""
CRASHES, FREEZES = 1e-5, 1e-5
"""The share of calls that kill their environment, and after which it freezes."""
FROZEN_S = 20.0
ROUTED = 8
"""Environments that are looked at for a call: one that waits or is frozen has no time for it."""
RATE_SHARE, BUDGET_SHARE = 0.9, 0.8
"""How much of what is asked for the limit of a minute lets in, and the budget of all that."""
WHOLE_MINUTES_S = 60
"""Seconds below which no minute is a whole one."""
NOON = 1_795_867_200.0


@dataclass
class Simulation:
    environments: int
    rate: int
    seconds: int
    rng: Random = field(default_factory=lambda: Random(20261128))
    clock: FakeClock = field(default_factory=lambda: FakeClock(NOON))
    granted: Counter[int] = field(default_factory=Counter)
    outcomes: Counter[str] = field(default_factory=Counter)
    paid: int = 0
    longest: float = 0.0
    last_503: float = 0.0

    def __post_init__(self) -> None:
        self.accounts = HotItem(self.clock)
        minute = int(self.rate * 60 * RATE_SHARE)
        budget = int(self.rate * self.seconds * RATE_SHARE * BUDGET_SHARE) * COST
        self.limits = Limits(requests_per_minute=minute, budget=budget, reset="daily")
        self.meters = [self.new() for _ in range(self.environments)]
        self.busy_until = [0.0] * self.environments

    def new(self) -> AccountMeter:
        return AccountMeter(AccountWriter(self.accounts, self.clock, "key#a"))

    def run(self) -> list[int]:
        """Writes in each second."""
        writes = []
        for _ in range(self.seconds):
            before = self.accounts.writes
            for _ in range(self.rate):
                self.clock.time += 1 / self.rate
                self.call(self.free())
            writes.append(self.accounts.writes - before)

        return writes

    def free(self) -> int | None:
        """An environment that is not busy: one has but one request at a time."""
        places = (self.rng.randrange(self.environments) for _ in range(ROUTED))

        return next((place for place in places if self.busy_until[place] <= self.clock.time), None)

    def call(self, place: int | None) -> None:
        if place is None:
            self.outcomes["found_all_busy"] += 1
            return
        began = self.clock.time
        try:
            self.answer(place)
        except (RateLimited, BudgetExceeded, Unavailable) as refused:
            self.outcomes[refused.code] += 1
            self.last_503 = began if isinstance(refused, Unavailable) else self.last_503
        self.longest = max(self.longest, self.clock.time - began)
        # Who has waited has done so beside the others.
        self.busy_until[place] = max(self.busy_until[place], self.clock.time)
        self.clock.time = began

    def answer(self, place: int) -> None:
        reservation = self.meters[place].take(Demand(1, AT_MOST), self.limits)
        cost = self.rng.randrange(2 * COST)
        self.granted[minute_at(self.clock.time)] += 1
        self.paid += cost
        self.outcomes["let_in"] += 1
        if self.rng.random() < CRASHES:
            self.meters[place] = self.new()
            self.outcomes["crashed"] += 1
            return
        self.meters[place].settle(reservation, cost, {})
        if self.rng.random() < FREEZES:
            self.busy_until[place] = self.clock.time + FROZEN_S


def main() -> None:
    options = _options()
    simulation = Simulation(options.environments, options.rate, options.seconds)
    writes = simulation.run()
    limits, full = simulation.limits, max(simulation.granted.values())
    minute, budget = limits.requests_per_minute or 0, limits.budget or 0
    overshoot = max(full - minute, simulation.paid - budget, 0)
    for name, number in simulation.outcomes.items():
        print(f"{name:28}{number:12,}")
    print(f"{'writes a second, on average':28}{sum(writes) / len(writes):12,.0f}")
    print(f"{'writes in the first second':28}{writes[0]:12,}")
    print(f"{'writes that were refused':28}{simulation.accounts.refused:12,}")
    print(f"{'longest wait, s':28}{simulation.longest:12.2f}")
    print(f"{'last 503 after, s':28}{max(simulation.last_503 - NOON, 0):12.2f}")
    print(f"{'writes halfway through':28}{writes[len(writes) // 2]:12,}")
    if options.seconds >= WHOLE_MINUTES_S:
        print(f"{'of the minute, unused':28}{1 - full / minute:12.2%}")
    print(f"{'of the budget, unused':28}{1 - simulation.paid / budget:12.2%}")
    print(f"{'overshoot':28}{overshoot:12,}")
    sys.exit(overshoot > 0)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.limits")
    parser.add_argument("--environments", type=int, default=500)
    parser.add_argument("--rate", type=int, default=10_000, help="requests a second")
    parser.add_argument("--seconds", type=int, default=120)

    return parser.parse_args()


if __name__ == "__main__":
    main()
