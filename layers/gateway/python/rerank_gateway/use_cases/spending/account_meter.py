"""Keep one account within its limits, with as few writes as that takes."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from random import random
from threading import Lock
from uuid import uuid4

from rerank_gateway.domain.errors import RateLimit, Unavailable
from rerank_gateway.domain.spending.changes import Change, TooManyWrites
from rerank_gateway.domain.spending.counters import JOBS, Balance, in_minute, spent_in
from rerank_gateway.domain.spending.limits import Limits
from rerank_gateway.domain.spending.periods import MINUTE_S, minute_at, period_at
from rerank_gateway.domain.spending.reservation import CALL_LAPSES_S, Demand, Reservation
from rerank_gateway.domain.spending.taking import Taking
from rerank_gateway.use_cases.spending.account_writer import AccountWriter
from rerank_gateway.use_cases.spending.refuse import refuse, refuse_hopeless, refuse_spent_budget, refuse_spent_minute

PAUSES_S = (0.05, 0.1, 0.2, 0.4, 0.8, 0.8, 0.8, 0.8)
"""Seconds, about, after each try that meets too many writes. After one that others were faster than, it takes less."""


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
            taking = Taking.of(self.writer.purse, demand, limits, self.writer.clock.epoch())
            reservation = Reservation(self.writer.account, *taking.of_budget)
            if taking.is_covered and not hold:
                taking.take(wrote=False, held=False, balance=self.writer.purse.balance)
                return reservation
            refuse_hopeless(taking, self.writer.account)
            refuse_spent_minute(taking, self.writer.account)
            self.writer.apply_rest()
            refuse_spent_budget(taking, self.writer.account)
            if hold and taking.budget:
                reservation = replace(reservation, hold=hold, lapses=lapses, limit=taking.budget.limit)

            return self._take(taking, reservation)

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
        """Nothing comes of *reservation*. Raises Unavailable."""
        if reservation.hold != JOBS:
            self.settle(reservation, 0, {})
            return
        released = {spent_in(reservation.period): -reservation.amount, reservation.counter: -reservation.amount}
        with self.lock:
            self.writer.apply(Change(released))

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

    def _take(self, taking: Taking, reservation: Reservation) -> Reservation:
        for pause in PAUSES_S:
            attempt = self._attempt(taking, reservation)
            try:
                is_taken = self.writer.apply(taking.change(attempt))
            except TooManyWrites:
                self._wait(pause)
                continue
            if is_taken:
                taking.take(wrote=True, held=bool(attempt.hold), balance=self.writer.purse.balance)
                self.writer.purse.hurry(-1 if pause == PAUSES_S[0] else 0)
                return attempt
            if lapsed := taking.lapsed():
                self.writer.apply(lapsed)
            else:
                refuse(taking, self.writer.account, held=bool(attempt.hold))
            taking.is_tight = True
        raise Unavailable("the limits of this key cannot be told at the moment: too many ask at once")

    def _wait(self, pause: float) -> None:
        """Come again later, and take more then: an account takes some thousand writes a second."""
        self.writer.purse.hurry(1)
        self.writer.clock.sleep(pause * (0.5 + random()))  # noqa: S311

    def _attempt(self, taking: Taking, reservation: Reservation) -> Reservation:
        """What *reservation* is at this attempt: with a hold of its own, or with its usage, where it has none yet."""
        if reservation.hold:
            return reservation
        if taking.needs_hold:
            hold, lapses = uuid4().hex[:12], int(taking.now) + CALL_LAPSES_S
            return replace(reservation, hold=hold, lapses=lapses, written=taking.demand.usage)

        return replace(reservation, written=taking.demand.usage if taking.demand.is_exact else {})

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
