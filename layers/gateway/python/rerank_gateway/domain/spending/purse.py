"""
What an environment has taken of an account ahead, to spend it without a write.

It takes the more, the more it uses, and never more than a share of that: what is lost with an environment that ends is
a small part of what it used, so that almost all of a limit can be used, and never more than all.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from rerank_gateway.domain.spending.changes import Change
from rerank_gateway.domain.spending.counters import Balance, spent_in

FUNDS_SHARE, RATE_SHARE = 20, 20
"""One part in so many of what it has used in the period, or in a minute, is what an environment takes ahead."""
ROOM_SHARE = 64
"""And never more than one part in so many of what is left to all."""
MAX_HASTE, HASTY_ROOM_SHARE = 6, 1024
"""Where an account takes no more writes, up to 2 ** 6 requests' worth ahead, if it is a small part of what is left."""


@dataclass(slots=True)
class Slice:
    """
    So much that is *left* of what was taken of a window, a minute or a period, with that *name*, in which all others
    together have *room* left. *used* is what this environment has used in it, *before* in the one before. *haste* is
    how often of late the account has taken no write.
    """

    share: int
    name: str = ""
    left: int = 0
    used: int = 0
    before: int = 0
    room: int = 0
    haste: int = 0

    def turn(self, name: str, previous: str = "") -> None:
        """Be in the window with this *name*. What is left of another one is gone."""
        if name != self.name:
            self.before = self.used if self.name == previous else 0
            self.name, self.left, self.used, self.room = name, 0, 0, 0

    def hurry(self, more: int) -> None:
        self.haste = min(max(self.haste + more, 0), MAX_HASTE)

    def ahead_of(self, amount: int) -> int:
        """How much to take ahead by who needs this *amount* now: nothing, unless it does for another one as large."""
        ahead = min(max(self.used, self.before) // self.share, self.room // ROOM_SHARE)
        if self.haste:
            ahead = max(ahead, min(amount << self.haste, self.room // HASTY_ROOM_SHARE))

        return ahead if ahead >= amount else 0


@dataclass(slots=True)
class Purse:
    """
    Slices of an account's limits, the *usage* that is still to be written, and the *balance* as it was last seen.
    *counted* requests were made, *unwritten* of which wait. *over* are holds that the next write is to remove. Until
    *spent_until*, in epoch seconds, the budget is taken to be as it was when it was last refused.
    """

    funds: Slice = field(default_factory=lambda: Slice(FUNDS_SHARE))
    requests: Slice = field(default_factory=lambda: Slice(RATE_SHARE))
    documents: Slice = field(default_factory=lambda: Slice(RATE_SHARE))
    usage: dict[str, int] = field(default_factory=dict)
    balance: Balance = field(default_factory=dict)
    unwritten: int = 0
    counted: int = 0
    over: list[str] = field(default_factory=list)
    spent_until: float = 0.0

    def hurry(self, more: int) -> None:
        """Take *more* ahead, or less, from now on: twice as much with each."""
        for each in (self.funds, self.requests, self.documents):
            each.hurry(more)

    def count(self, usage: Balance) -> None:
        """Have the *usage* of a request written, with the next write or some later one."""
        self.counted += 1
        self.put_back(usage, int(any(usage.values())))

    @property
    def may_wait(self) -> bool:
        """Whether the usage of the request at hand, whose write takes all of those before, may wait for the next."""
        return self.counted + 1 >= FUNDS_SHARE

    @property
    def is_full(self) -> bool:
        """Whether more usage waits than may be lost with the environment."""
        return self.unwritten > self.counted // FUNDS_SHARE and any(self.usage.values())

    def take_usage(self) -> tuple[Balance, int]:
        """The usage that is to be written now, and of how many requests it is."""
        taken = {name: number for name, number in self.usage.items() if number}, self.unwritten
        self.usage, self.unwritten = {}, 0

        return taken

    def put_back(self, usage: Balance, requests: int) -> None:
        for name, number in usage.items():
            self.usage[name] = self.usage.get(name, 0) + number
        self.unwritten += requests

    def carry(self, change: Change, usage: Balance, requests: int) -> None:
        """
        Have for the requests to come what *change*, which could not be made, was to return, and leave it to a write of
        theirs to remove the holds, and to count the *usage* of so many *requests*.
        """
        self.hurry(1)
        self.put_back(usage, requests)
        self.funds.left -= change.add.get(spent_in(self.funds.name), 0)
        self.over.extend(change.remove)

    def refund(self, amount: int, cost: int) -> int:
        """Have *amount* back, of which *cost* was used; what of all that is left is too much, and is for others."""
        funds = self.funds
        funds.left += amount - cost
        funds.used += cost
        ahead = funds.ahead_of(amount)
        excess = funds.left - ahead
        if 0 <= funds.left <= 2 * ahead:
            return 0
        funds.left -= excess

        return excess
