"""Keep one account within its limits, with as few writes as that takes."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from threading import Lock

from rerank_gateway.domain.errors import RateLimit
from rerank_gateway.domain.spending.changes import Change
from rerank_gateway.domain.spending.counters import JOBS, Balance, in_minute, spent_in
from rerank_gateway.domain.spending.limits import Limits
from rerank_gateway.domain.spending.periods import MINUTE_S, minute_at, period_at
from rerank_gateway.domain.spending.reservation import Demand, Reservation
from rerank_gateway.domain.spending.taking import Taking
from rerank_gateway.use_cases.spending.account_writer import AccountWriter
from rerank_gateway.use_cases.spending.refuse import refuse_hopeless, refuse_spent_budget, refuse_spent_minute
from rerank_gateway.use_cases.spending.reserve import Reserve


@dataclass(slots=True)
class AccountMeter:
    """The account behind the *writer*, as this environment sees it. For any threads: they take turns."""

    writer: AccountWriter
    lock: Lock = field(default_factory=Lock, repr=False)

    def take(self, demand: Demand, limits: Limits, hold: str = "", lapses: int = 0) -> Reservation:
        """
        Reserve *demand* within *limits*; under the name of *hold* until it *lapses*, where that is given.

        Raises RateLimited, BudgetExceeded or TooLarge, or Unavailable when nobody can tell.
        """
        with self.lock:
            return self.reserve(demand, limits, hold, lapses)()

    def reserve(self, demand: Demand, limits: Limits, hold: str = "", lapses: int = 0) -> Reserve:
        """
        What does the same, all of it within one hold of the *lock*; nothing is taken yet.

        Raises what can be told beforehand.
        """
        taking = Taking.of(self.writer.purse, demand, limits, self.writer.clock.epoch())
        reservation = Reservation(self.writer.account, *taking.of_budget)
        if needs_write := bool(hold) or not taking.is_covered:
            refuse_hopeless(taking, self.writer.account)
            refuse_spent_minute(taking, self.writer.account)
            self.writer.apply_rest()
            refuse_spent_budget(taking, self.writer.account)
        if hold and taking.budget:
            reservation = replace(reservation, hold=hold, lapses=lapses, limit=taking.budget.limit)

        return Reserve(self.writer, taking, reservation, needs_write)

    def settle(self, reservation: Reservation, cost: int, usage: Balance) -> None:
        """
        *reservation* has come to this *cost*, and to *usage*. What is not used of it is for others. Nobody waits until
        that is written.
        """
        with self.lock:
            now, purse, written = self.writer.clock.epoch(), self.writer.purse, reservation.written
            rest = {name: usage.get(name, 0) - written.get(name, 0) for name in {*usage, *written}}
            purse.count(rest)
            change = self._settling(reservation, cost, now)
            if change.present or change.add or purse.is_full:
                self.writer.send(change)
            self.writer.archive()

    def give_back(self, reservation: Reservation) -> None:
        """Nothing comes of *reservation*. Nobody waits until that is written."""
        if reservation.hold != JOBS:
            self.settle(reservation, 0, {})
            return
        released = {spent_in(reservation.period): -reservation.amount, reservation.counter: -reservation.amount}
        with self.lock:
            self.writer.send(Change(released))

    def rate(self, limits: Limits) -> RateLimit | None:
        """How many requests are left of this minute, as far as this environment has seen."""
        if limits.requests_per_minute is None:
            return None
        now, purse = self.writer.clock.epoch(), self.writer.purse
        taken = purse.balance.get(in_minute("requests", minute_at(now)), 0)
        remaining = limits.requests_per_minute - taken + purse.requests.left

        return RateLimit(limits.requests_per_minute, max(remaining, 0), MINUTE_S - now % MINUTE_S)

    def budget_used(self, limits: Limits) -> float | None:
        """The share of the period's budget that is spent or reserved, as far as this environment has seen."""
        purse = self.writer.purse
        taken = purse.balance.get(spent_in(period_at(self.writer.clock.epoch(), limits.reset).name))

        return (taken - purse.funds.left) / limits.budget if limits.budget and taken is not None else None

    def _settling(self, reservation: Reservation, cost: int, now: float) -> Change:
        funds, is_current = self.writer.purse.funds, reservation.period == self.writer.purse.funds.name
        if reservation.hold and now < reservation.lapses:
            surplus = reservation.amount - cost
            ahead = funds.ahead_of(reservation.amount) if is_current else 0
            keep = min(max(ahead - funds.left, 0), max(surplus, 0))
            funds.left += keep
            funds.used += cost if is_current else 0
            return reservation.settled(cost, now, keep)
        if reservation.hold or not is_current or not (reservation.amount or cost):
            return Change()
        excess = self.writer.purse.refund(reservation.amount, cost)

        return Change({spent_in(reservation.period): -excess} if excess else {})
