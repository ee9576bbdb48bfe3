"""Accounts without AWS: they keep the contract that DynamoDB keeps (tests/adapters/test_accounts.py)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from threading import Lock

from rerank_gateway.domain.errors import Unavailable
from rerank_gateway.domain.spending.changes import Accounts, Change, Reply
from rerank_gateway.domain.spending.counters import Balance


@dataclass
class InMemoryAccounts(Accounts):
    """
    Counts the *writes*. *lost* has, for the writes to come, whether their answers are lost: None for one that is not
    even made.
    """

    balances: dict[str, dict[str, int]] = field(default_factory=dict)
    days: dict[tuple[str, str], Balance] = field(default_factory=dict)
    teams: dict[str, str] = field(default_factory=dict)
    writes: int = 0
    lost: list[bool | None] = field(default_factory=list)
    lock: Lock = field(default_factory=Lock)

    def apply(self, account: str, change: Change) -> Reply:
        with self.lock:
            self.writes += 1
            loss = self.lost.pop(0) if self.lost else False
            if loss is None:
                raise Unavailable("it was not reached")
            balance = self.balances.setdefault(account, {})
            if is_applied := _is_expected(balance, change):
                _make(balance, change)
                self.teams[account] = change.team
            if loss:
                raise Unavailable("its answer was lost")

            return Reply(is_applied, dict(balance))

    def begin(self, account: str, change: Change) -> Callable[[], Reply]:
        """Makes *change* at once, as a quick network does."""
        try:
            reply = self.apply(account, change)
        except Unavailable as lost:
            return partial(_raise, lost)

        return lambda: reply

    def archive(self, account: str, team: str, day: str, usage: Balance) -> None:
        with self.lock:
            balance = self.balances[account]
            self.days[account, day] = {**self.days.get((account, day), {}), **usage}
            if all(balance.get(name) == number for name, number in usage.items()):
                for name in usage:
                    del balance[name]


def _raise(error: Exception) -> Reply:
    raise error


def _is_expected(balance: dict[str, int], change: Change) -> bool:
    return (
        all(balance.get(name, most) <= most for name, most in change.at_most.items())
        and all(name in balance for name in change.present)
        and not any(name in balance for name in change.absent)
    )


def _make(balance: dict[str, int], change: Change) -> None:
    for name, number in change.add.items():
        balance[name] = balance.get(name, 0) + number
    for name in change.remove:
        balance.pop(name, None)
