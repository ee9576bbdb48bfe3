"""The writes to one account: what goes along with each, and what becomes of one that nobody has answered."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field, replace

from rerank_gateway.domain.clock import Clock
from rerank_gateway.domain.errors import Unavailable
from rerank_gateway.domain.spending.changes import Accounts, Change, Reply, TooManyWrites
from rerank_gateway.domain.spending.counters import past_usage
from rerank_gateway.domain.spending.purse import Purse
from rerank_gateway.domain.spending.reservation import DAY_S
from rerank_gateway.domain.spending.taking import cleaned

ARCHIVE_AFTER_S = 900
"""Seconds of a day after which the one before it is moved: by then nobody's clock is still in it."""


@dataclass(slots=True)
class AccountWriter:
    """Writes to an *account*, and notes in the *purse* what its balance is then. *team* is noted in that of a key."""

    accounts: Accounts
    clock: Clock
    account: str
    team: str = ""
    purse: Purse = field(default_factory=Purse)
    unsettled: list[Change] = field(default_factory=list)

    def apply(self, change: Change) -> bool:
        """Make *change*, and have the usage that waits written with it; whether it was as expected."""
        usage, unwritten = self.purse.take_usage()
        remove = [*change.remove, *self.purse.over]
        whole = replace(change, add={**change.add, **usage}, remove=remove, team=self.team)
        try:
            reply = self._apply(cleaned(whole, self.purse.balance, self.clock.epoch()))
        except Unavailable as error:
            if change.present and not isinstance(error, TooManyWrites):
                # What expects a hold can be tried again, without being done twice.
                self.unsettled.append(whole)
            else:
                self.purse.put_back(usage, unwritten)
            raise
        self.purse.balance = reply.balance
        if reply.is_applied:
            self.purse.over.clear()
        else:
            self.purse.put_back(usage, unwritten)

        return reply.is_applied

    def apply_rest(self) -> None:
        """Make the changes that could not be made before. Raises Unavailable when they still cannot."""
        while self.unsettled:
            self.purse.balance = self._apply(self.unsettled[0]).balance
            del self.unsettled[0]

    def archive(self) -> None:
        """Move the usage of days that are over out of the balance."""
        now = self.clock.epoch()
        if now % DAY_S < ARCHIVE_AFTER_S:
            return
        for day, usage in past_usage(self.purse.balance, now).items():
            # Until that is done, it is there for the next one to do.
            with suppress(Unavailable):
                self.accounts.archive(self.account, self.team, day, usage)
                self.purse.balance = dict(self.purse.balance.items() - usage.items())

    def _apply(self, change: Change) -> Reply:
        try:
            return self.accounts.apply(self.account, change)
        except TooManyWrites:
            raise
        except Unavailable:
            if not (change.present or change.absent):
                raise
        reply = self.accounts.apply(self.account, change)
        is_made_before = not reply.is_applied and bool(change.absent) and reply.balance.keys() >= set(change.absent)

        return replace(reply, is_applied=reply.is_applied or is_made_before)
