"""Reserve once more for a job that is tried again, as its provider may have billed the try before."""

from __future__ import annotations

from dataclasses import dataclass

from rerank_gateway.domain.errors import BudgetExceeded
from rerank_gateway.domain.spending.bill import Bill
from rerank_gateway.domain.spending.changes import Accounts, Change, Reply
from rerank_gateway.domain.spending.counters import spent_in
from rerank_gateway.domain.spending.limits import to_usd
from rerank_gateway.domain.spending.reservation import Reservation


@dataclass(frozen=True, slots=True)
class ReserveAgain:
    accounts: Accounts

    def __call__(self, bill: Bill) -> None:
        """
        Have all that was reserved with *bill* spent, and as much reserved, by the limits of when it was made. A process
        that dies in between has it spent twice, which is too much and never too little.

        Raises BudgetExceeded, or Unavailable when nobody can tell.
        """
        for place, reservation in enumerate(bill.reservations):
            reply = self.accounts.apply(reservation.account, reservation.again)
            if not reply.is_applied:
                for each in bill.reservations[:place]:
                    self.accounts.apply(each.account, Change({spent_in(each.period): -each.amount}))
                raise _over_budget(reservation, reply)


def _over_budget(reservation: Reservation, reply: Reply) -> BudgetExceeded:
    source, spent = reservation.account.partition("#")[0], reply.balance.get(spent_in(reservation.period), 0)

    # When the budget begins anew is of no use to a job: it has ended.
    return BudgetExceeded(source, to_usd(reservation.limit), to_usd(spent), None)
