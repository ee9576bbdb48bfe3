"""
The writes to one account: what goes along with each, and what becomes of one that nobody has answered.

The settlement of a call is sent before its caller is answered, and its reply is read with the account's next write: so
the answer waits for the reservation alone. That is safe wherever the process stops. What was sent is done, also while
Lambda freezes the process; what was not leaves its hold to lapse, with all that was reserved spent; and what nobody has
answered is sent once more, as it expects its hold, which is there but once, or leaves a mark, which may not be there.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import partial

from rerank_gateway.domain.clock import Clock
from rerank_gateway.domain.errors import Unavailable
from rerank_gateway.domain.spending.changes import Accounts, Change, Reply, TooManyWrites, added, cleaned
from rerank_gateway.domain.spending.counters import Balance, past_usage
from rerank_gateway.domain.spending.purse import Purse
from rerank_gateway.domain.spending.reservation import DAY_S
from rerank_gateway.use_cases.spending.made_once import MadeOnce, Sent, with_mark

ARCHIVE_AFTER_S = 900
"""Seconds of a day after which the one before it is moved: by then nobody's clock is still in it."""
MAX_UNSETTLED = 100
"""Changes that are kept in an outage. Beyond that the oldest are given up: their holds lapse."""


@dataclass(slots=True)
class AccountWriter:
    """
    Writes to an *account*, and notes in the *purse* what its balance is then. *team* is noted in that of a key. *sent*
    is the change whose reply is to be read; those in *unsettled* could not be made, and can be tried again.
    """

    accounts: Accounts
    clock: Clock
    account: str
    team: str = ""
    purse: Purse = field(default_factory=Purse)
    sent: Sent | None = None
    unsettled: deque[Change] = field(default_factory=lambda: deque(maxlen=MAX_UNSETTLED))

    def apply(self, change: Change) -> bool:
        """Make *change*, and have the usage that waits written with it; whether it was as expected."""
        usage, requests = self.purse.take_usage()
        whole = self._whole(change, usage)

        return self._noted(self._once(whole), usage, requests)

    def begin(self, change: Change) -> Callable[[], bool]:
        """The same, without waiting for what comes of it: the result tells, and is asked before anything else is."""
        usage, requests = self.purse.take_usage()
        made_once = change if change.absent else with_mark(change, self.clock.epoch())
        whole = self._whole(made_once, usage)
        try:
            begun = self.accounts.begin(self.account, whole)
        except Unavailable:
            self.purse.put_back(usage, requests)
            return partial(self.apply, change)
        mark = () if made_once is change else made_once.absent

        return partial(self._noted, partial(self._once(whole), begun), usage, requests, mark)

    def send(self, change: Change) -> None:
        """Make *change* with the usage that waits, and go on: what has come of it is learnt with the next write."""
        with suppress(Unavailable):
            self.apply_rest()
        usage, requests = self.purse.take_usage()
        whole = self._whole(change if change.present else with_mark(change, self.clock.epoch()), usage)
        self.purse.over.clear()
        if self.unsettled:
            self.unsettled.append(whole)
            return
        try:
            self.sent = Sent(whole, usage, requests, self.accounts.begin(self.account, whole))
        except Unavailable:
            self.unsettled.append(whole)

    def apply_rest(self) -> None:
        """Make the changes that could not be made before. Raises Unavailable when they still cannot."""
        self._learn()
        while self.unsettled:
            try:
                self.purse.balance = self._once(self.unsettled[0])().balance
            except Unavailable as error:
                if error.is_outage:
                    raise
                # It never will be: its hold lapses.
            self.purse.over.extend(self.unsettled.popleft().absent)

    def archive(self) -> None:
        """Have the usage of days that are over moved out of the balance. Nobody waits for that: see Accounts."""
        now = self.clock.epoch()
        if now % DAY_S < ARCHIVE_AFTER_S:
            return
        for day, usage in past_usage(self.purse.balance, now).items():
            # If nothing comes of it, the next balance that is read has it, for the next request to do.
            with suppress(Unavailable):
                self.accounts.archive(self.account, self.team, day, usage)
                self.purse.balance = dict(self.purse.balance.items() - usage.items())

    def _once(self, change: Change) -> MadeOnce:
        return MadeOnce(self.accounts, self.account, change)

    def _whole(self, change: Change, usage: Balance) -> Change:
        """*change* with all that goes along with it."""
        remove = dict.fromkeys([*change.remove, *self.purse.over])
        whole = replace(change, add=added(change.add, usage), remove=remove, team=self.team)

        return cleaned(whole, self.purse.balance, self.clock.epoch())

    def _noted(self, write: Callable[[], Reply], usage: Balance, requests: int, mark: Iterable[str] = ()) -> bool:
        """Whether *write*, with the *usage* of so many *requests*, was as expected. The next one removes its *mark*."""
        try:
            reply = write()
        except Unavailable:
            self.purse.put_back(usage, requests)
            raise
        self.purse.balance = reply.balance
        if reply.is_applied:
            self.purse.over[:] = mark
        else:
            self.purse.put_back(usage, requests)

        return reply.is_applied

    def _learn(self) -> None:
        """Note what has come of the change that was sent."""
        sent, self.sent = self.sent, None
        if sent is None:
            return
        try:
            reply = sent.reply()
        except TooManyWrites:
            self.purse.carry(sent.change, sent.usage, sent.requests)
        except Unavailable:
            self.unsettled.append(sent.change)
        else:
            self.purse.balance = reply.balance
            self.purse.over.extend(sent.change.absent)
            if not reply.is_applied:
                self.purse.put_back(sent.usage, sent.requests)
