"""What is taken of limits before anyone is asked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from math import ceil

from rerank_gateway.domain.spending.changes import Change
from rerank_gateway.domain.spending.counters import held_in, spent_in
from rerank_gateway.domain.spending.periods import NO_PERIOD

CALL_LAPSES_S = 900
"""
Seconds after which the reservation of a call is spent, if nobody has settled it: several times as long as any function
runs, so that nobody is at it any more.
"""
DAY_S = 86_400


@dataclass(frozen=True, slots=True)
class Demand:
    """
    What a request may use at the most: its *documents*, and the *cost* in billionths of a dollar, which it *is_exact*
    about where that is known beforehand. *usage* has its counters if it comes to that, which need no second write then.
    """

    documents: int
    cost: int = 0
    is_exact: bool = False
    usage: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Reservation:
    """
    So much of the budget of a *period*, in billionths of a dollar; nothing of NO_PERIOD, where the hold is only for the
    usage. One with a *hold* lapses at that moment, in epoch seconds; what has none is spent until it is given back.
    *written* are the counters of its usage that are written, *limit* is that of the budget, for a job, whose
    reservation may have to be made again.
    """

    account: str
    period: str
    amount: int
    hold: str = ""
    lapses: int = 0
    written: Mapping[str, int] = field(default_factory=dict)
    limit: int = 0

    @property
    def counter(self) -> str:
        return held_in(self.period, self.lapses, self.hold)

    @property
    def again(self) -> Change:
        """The change that has it spent, and as much reserved in its place, if the budget has that."""
        spent = spent_in(self.period)

        return Change({spent: self.amount}, at_most={spent: self.limit - self.amount})

    def settled(self, cost: int, now: float, keep: int = 0) -> Change:
        """
        The change that has *cost* of it spent, and returns the rest but for what its owner may *keep*.

        One that has lapsed is spent, and nothing comes back of it.
        """
        if now >= self.lapses:
            return Change()

        returned = {} if self.period == NO_PERIOD else {spent_in(self.period): cost + keep - self.amount}

        return Change(returned, [self.counter], present=[self.counter])


def marked(change: Change, now: float, mark: str) -> Change:
    """*change* with a *mark* of its own, so that it is not made twice. A later write removes that, or it lapses."""
    name = held_in(NO_PERIOD, int(now) + CALL_LAPSES_S, mark)

    return replace(change, add={**change.add, name: 0}, absent=[name])


def lapse_of_job(expires_at: float) -> int:
    """When the reservation of a job lapses that expires then: with the day, as all of a day's are in one hold."""
    return ceil(expires_at / DAY_S) * DAY_S
