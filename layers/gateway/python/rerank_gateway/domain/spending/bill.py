"""What a job was let in with, and how that is settled."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from rerank_gateway.domain.spending.changes import Change
from rerank_gateway.domain.spending.counters import spent_in, usage_of
from rerank_gateway.domain.spending.periods import day_at
from rerank_gateway.domain.spending.reservation import Reservation


@dataclass(frozen=True, slots=True)
class Charge:
    """What a job has cost, in billionths of a dollar, and who ranked for it, if anyone did."""

    cost: int = 0
    model: str = ""


NO_CHARGE = Charge()


@dataclass(frozen=True, slots=True)
class Bill:
    """
    *id* is this one's alone.

    The *account* of the key that a job's usage is counted for, with its *team*, the job's *documents*, and what was
    reserved for it of that account's budget and of the team's.
    """

    id: str
    account: str
    team: str = ""
    documents: int = 0
    reservations: tuple[Reservation, ...] = field(default=())

    @property
    def whole(self) -> Charge:
        """All that was reserved: what is charged where nobody can tell what a worker has spent."""
        return Charge(max((reservation.amount for reservation in self.reservations), default=0))

    def settled(self, charge: Charge, now: float) -> Mapping[str, Change]:
        """The changes, by account, that have so much of it spent, and the model's use counted, where there was one."""
        cost, model = charge.cost, charge.model
        usage = usage_of(day_at(now), model, self.documents, cost) if model else {}
        added: dict[str, dict[str, int]] = {self.account: dict(usage)} if usage else {}
        for each in self.reservations:
            counters = added.setdefault(each.account, {})
            # Of what has lapsed nothing is left to return: what it has cost comes on top.
            rest = 0 if now >= each.lapses else each.amount
            counters[spent_in(each.period)] = cost - rest
            if rest:
                counters[each.counter] = -rest

        return {account: Change(add, team=self._team(account)) for account, add in added.items()}

    def _team(self, account: str) -> str:
        return self.team if account == self.account else ""
