"""Writes to an account that are made once, whether anyone answers or not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from uuid import uuid4

from rerank_gateway.domain.errors import Unavailable
from rerank_gateway.domain.spending.changes import Accounts, Change, Reply, TooManyWrites
from rerank_gateway.domain.spending.counters import Balance
from rerank_gateway.domain.spending.reservation import marked


@dataclass(frozen=True, slots=True)
class Sent:
    """A *change* that was sent, with the *usage* of so many *requests* in it, and how to get its *reply*."""

    change: Change
    usage: Balance
    requests: int
    reply: Callable[[], Reply]


def with_mark(change: Change, now: float) -> Change:
    """*change* with a mark of its own, so that it can be made once more without being made twice."""
    return marked(change, now, uuid4().hex[:12])


@dataclass(frozen=True, slots=True)
class MadeOnce:
    """A *change* of an *account*."""

    accounts: Accounts
    account: str
    change: Change

    def __call__(self, write: Callable[[], Reply] | None = None) -> Reply:
        """
        What comes of making it: by the *write* that was begun, if one was. It is made once more where nobody has
        answered, if it can be told then whether it was made before. Raises TooManyWrites or Unavailable.
        """
        try:
            return write() if write else self._make()
        except TooManyWrites:
            raise
        except Unavailable:
            if not (self.change.present or self.change.absent):
                raise
        reply, absent = self._make(), set(self.change.absent)
        is_made_before = not reply.is_applied and bool(absent) and reply.balance.keys() >= absent

        return replace(reply, is_applied=reply.is_applied or is_made_before)

    def _make(self) -> Reply:
        return self.accounts.apply(self.account, self.change)
