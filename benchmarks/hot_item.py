"""Accounts in a table that takes so many writes a second of one item, and no more."""

from __future__ import annotations

from collections import Counter

from rerank_gateway.domain.spending.changes import Change, Reply, TooManyWrites
from tests.accounts import InMemoryAccounts
from tests.fakes import FakeClock

WRITES_A_TICK, TICKS = 100, 10
"""A thousand a second: what DynamoDB takes of one item."""


class HotItem(InMemoryAccounts):
    """Accounts that take so many writes in each tenth of a second, by a *clock* that is ahead for whoever waits."""

    def __init__(self, clock: FakeClock) -> None:
        super().__init__()
        self.clock, self.refused, self.taken = clock, 0, Counter[int]()

    def make(self, account: str, change: Change) -> Reply:
        tick = int(self.clock.time * TICKS)
        if self.taken[tick] >= WRITES_A_TICK:
            self.refused += 1
            raise TooManyWrites("too many writes")
        self.taken[tick] += 1

        return super().make(account, change)
