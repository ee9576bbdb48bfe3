"""Reserve what a request needs of an account: of what was taken ahead, or by a write."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from random import random
from uuid import uuid4

from rerank_gateway.domain.errors import GatewayError, Unavailable
from rerank_gateway.domain.spending.changes import TooManyWrites
from rerank_gateway.domain.spending.reservation import CALL_LAPSES_S, Reservation
from rerank_gateway.domain.spending.taking import Taking
from rerank_gateway.use_cases.spending.account_writer import AccountWriter
from rerank_gateway.use_cases.spending.refuse import refuse

PAUSES_S = (0.05, 0.1, 0.2, 0.4, 0.8, 0.8, 0.8, 0.8)
"""Seconds, about, after each try that meets too many writes. After one that others were faster than, it takes less."""


@dataclass(slots=True)
class Reserve:
    """
    One request's *taking* by way of the *writer*, which nobody else uses meanwhile; the *reservation* is what it comes
    to, and is good when it *is_taken*. *begun* is an attempt that was sent, and how to learn what has come of it.
    """

    writer: AccountWriter
    taking: Taking
    reservation: Reservation
    needs_write: bool
    begun: tuple[Reservation, Callable[[], bool]] | None = None
    is_taken: bool = False

    @property
    def is_doubtful(self) -> bool:
        """Whether it will be refused, if the balance is as it was when it was last seen."""
        budget, balance = self.taking.budget, self.writer.purse.balance
        is_short = budget is not None and budget.slice.left + budget.room(balance) < budget.amount

        return self.needs_write and is_short

    def begin(self) -> None:
        """Send an attempt, where it takes a write."""
        if self.needs_write:
            attempt = self._attempt()
            self.begun = attempt, self.writer.begin(self.taking.change(attempt))

    def __call__(self) -> Reservation:
        """
        The reservation, by the attempt that was begun or another one.

        Raises RateLimited or BudgetExceeded, or Unavailable when nobody can tell.
        """
        if self.needs_write:
            self.reservation = self._write()
        else:
            self.taking.take(wrote=False, held=False, balance=self.writer.purse.balance)
        self.is_taken = True

        return self.reservation

    def _write(self) -> Reservation:
        taking, purse = self.taking, self.writer.purse
        for pause in PAUSES_S:
            attempt, write = self._begun()
            try:
                is_taken = write()
            except TooManyWrites:
                self._wait(pause)
                continue
            if is_taken:
                taking.take(wrote=True, held=bool(attempt.hold), balance=purse.balance)
                purse.hurry(-1 if pause == PAUSES_S[0] else 0)
                return attempt
            if lapsed := taking.lapsed():
                self.writer.apply(lapsed)
            else:
                refuse(taking, self.writer.account, held=bool(attempt.hold))
            taking.is_tight = True
        raise Unavailable("the limits of this key cannot be told at the moment: too many ask at once")

    def _begun(self) -> tuple[Reservation, Callable[[], bool]]:
        begun, self.begun = self.begun, None
        attempt = self._attempt()

        return begun or (attempt, partial(self.writer.apply, self.taking.change(attempt)))

    def _wait(self, pause: float) -> None:
        """Come again later, and take more then: an account takes some thousand writes a second."""
        self.writer.purse.hurry(1)
        self.writer.clock.sleep(pause * (0.5 + random()))  # noqa: S311

    def _attempt(self) -> Reservation:
        """What the reservation is at this attempt: with a hold of its own, or its usage, where it has none yet."""
        reservation, taking = self.reservation, self.taking
        if reservation.hold:
            return reservation
        if taking.needs_hold:
            hold, lapses = uuid4().hex[:12], int(taking.now) + CALL_LAPSES_S
            return replace(reservation, hold=hold, lapses=lapses, written=taking.demand.usage)

        return replace(reservation, written=taking.demand.usage if taking.demand.is_exact else {})


def reserve_side_by_side(reserves: Sequence[Reserve]) -> None:
    """
    Have them all taken, for one wait: all but the last are begun before that is made. One that is doubtful comes before
    the others instead, and alone, as those would have to be given back.

    Raises the first refusal, when it is known what has become of the others.
    """
    if any(each.is_doubtful for each in reserves):
        for each in sorted(reserves, key=lambda each: not each.is_doubtful):
            each()
        return
    for each in reserves[:-1]:
        each.begin()
    refusals = []
    for each in reversed(reserves):
        try:
            each()
        except GatewayError as refusal:
            refusals.append(refusal)
    if refusals:
        raise refusals[-1]
