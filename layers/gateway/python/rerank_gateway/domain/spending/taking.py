"""What of an account's limits a request needs, and by which change it gets that."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from rerank_gateway.domain.spending.changes import Change
from rerank_gateway.domain.spending.counters import JOBS, Balance, in_minute, lapsed, spent_in
from rerank_gateway.domain.spending.limits import Limits
from rerank_gateway.domain.spending.periods import NO_PERIOD, Period, minute_at, period_at
from rerank_gateway.domain.spending.purse import Purse, Slice
from rerank_gateway.domain.spending.reservation import Demand, Reservation


@dataclass(frozen=True, slots=True)
class Need:
    """An *amount* of what one *counter* counts, up to a *limit*, of which some may be in a *slice* already."""

    slice: Slice
    counter: str
    limit: int
    amount: int

    def room(self, balance: Balance) -> int:
        return self.limit - balance.get(self.counter, 0)


@dataclass(slots=True)
class Taking:
    """One request's taking of a *purse*, or of the account behind it. One that *is_tight* takes nothing ahead."""

    purse: Purse
    demand: Demand
    limits: Limits
    now: float
    period: Period
    is_tight: bool = False

    @classmethod
    def of(cls, purse: Purse, demand: Demand, limits: Limits, now: float) -> Taking:
        period, minute = period_at(now, limits.reset), minute_at(now)
        purse.funds.turn(period.name)
        for rate in (purse.requests, purse.documents):
            rate.turn(str(minute), previous=str(minute - 1))

        taking = cls(purse, demand, limits, now, period)
        for need in taking._needs():
            # What nobody has told of yet is taken to be there: the write will say if it is not.
            need.slice.room = need.slice.room or need.room(purse.balance)

        return taking

    @property
    def rates(self) -> Iterator[Need]:
        minute, purse, limits = minute_at(self.now), self.purse, self.limits
        if limits.requests_per_minute is not None:
            yield Need(purse.requests, in_minute("requests", minute), limits.requests_per_minute, 1)
        if limits.documents_per_minute is not None:
            documents = in_minute("documents", minute)
            yield Need(purse.documents, documents, limits.documents_per_minute, self.demand.documents)

    @property
    def budget(self) -> Need | None:
        if self.limits.budget is None:
            return None

        return Need(self.purse.funds, spent_in(self.period.name), self.limits.budget, self.demand.cost)

    @property
    def of_budget(self) -> tuple[str, int]:
        """The period of the budget, and what is taken of it."""
        return (self.period.name, self.demand.cost) if self.budget else (NO_PERIOD, 0)

    @property
    def is_covered(self) -> bool:
        """Whether the purse has it all."""
        return all(need.slice.left >= need.amount for need in self._needs())

    @property
    def needs_hold(self) -> bool:
        """Whether what it comes to is to be settled by a write of its own, which nobody is to wait for."""
        budget, demand = self.budget, self.demand
        if demand.is_exact:
            return False
        if budget is None or not demand.cost:
            return bool(demand.usage) and not self.purse.may_wait
        if budget.slice.left >= demand.cost:
            return False

        return self.is_tight or not budget.slice.ahead_of(demand.cost)

    def change(self, reservation: Reservation) -> Change:
        """What takes what the purse lacks, and something ahead; *reservation* is what is to come of it."""
        asked = self._asked(bool(reservation.hold))
        add = {need.counter: amount for need, amount in asked}
        at_most = {need.counter: need.limit - amount for need, amount in asked}
        absent: list[str] = []
        if reservation.hold:
            add[reservation.counter] = reservation.amount
            absent = [] if reservation.hold == JOBS else [reservation.counter]
        for name, number in reservation.written.items():
            add[name] = add.get(name, 0) + number

        return Change(add, at_most=at_most, absent=absent)

    def take(self, *, wrote: bool, held: bool, balance: Balance) -> None:
        """Note in the purse what was taken: by a write, after which the *balance* is this, or of the purse alone."""
        for need, amount in self._asked(held) if wrote else ():
            need.slice.left += amount
        for need in self._needs():
            need.slice.left -= need.amount
            need.slice.room = need.room(balance)
        for need in self.rates:
            need.slice.used += need.amount

    def lapsed(self) -> Change | None:
        """What frees the reservations of jobs that have never ended, as far as the balance tells of them."""
        names = lapsed(self.purse.balance, self.period.name, self.now)
        amount = sum(self.purse.balance[name] for name in names)
        if amount <= 0:
            return None

        return Change({spent_in(self.period.name): -amount}, names, present=names)

    def _needs(self) -> Iterator[Need]:
        yield from self.rates
        if self.budget:
            yield self.budget

    def _asked(self, held: bool) -> list[tuple[Need, int]]:
        asked = []
        for need in self._needs():
            ahead = 0 if self.is_tight else need.slice.ahead_of(need.amount)
            if held and need.slice is self.purse.funds:
                asked.append((need, min(need.amount + max(ahead - need.slice.left, 0), need.limit)))
            elif need.slice.left < need.amount:
                asked.append((need, min(need.amount - need.slice.left + ahead, need.limit)))

        return asked if self.is_tight or not asked else [*asked, *self._soon(asked)]

    def _soon(self, asked: list[tuple[Need, int]]) -> Iterator[tuple[Need, int]]:
        """What would be *asked* for by a write of its own before long."""
        counters = {need.counter for need, _ in asked}
        for need in self._needs():
            ahead = need.slice.ahead_of(need.amount)
            if need.counter not in counters and 2 * need.slice.left < ahead:
                yield need, min(ahead - need.slice.left, need.limit)
