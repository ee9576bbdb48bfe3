"""Accounts without AWS: they keep the contract that DynamoDB keeps (tests/adapters/test_accounts.py)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from threading import Lock

from rerank_gateway.domain.errors import Unavailable
from rerank_gateway.domain.spending.changes import Accounts, Change, Reply
from rerank_gateway.domain.spending.counters import Balance


@dataclass(eq=False)
class BegunChange:
    """What *make* makes once, when it arrives or when somebody wants to know, for which there is *wait* then."""

    make: Callable[[], Reply]
    wait: Callable[[], None]
    outcome: Reply | Unavailable | None = None

    def arrive(self) -> None:
        try:
            self.outcome = self.outcome or self.make()
        except Unavailable as lost:
            self.outcome = lost

    def reply(self) -> Reply:
        if self.outcome is None:
            self.wait()
        self.arrive()
        if isinstance(self.outcome, Reply):
            return self.outcome
        raise self.outcome or Unavailable("it is not there")


@dataclass
class InMemoryAccounts(Accounts):
    """
    Counts the *writes*. *lost* has, for the writes to come, whether their answers are lost: None for one that is not
    even made. When it *is_slow*, changes that are begun are *under_way* until somebody wants to know or has them
    arrive. *waits* are how often somebody waited for an answer.
    """

    balances: dict[str, dict[str, int]] = field(default_factory=dict)
    days: dict[tuple[str, str], Balance] = field(default_factory=dict)
    teams: dict[str, str] = field(default_factory=dict)
    writes: int = 0
    lost: list[bool | None] = field(default_factory=list)
    is_slow: bool = False
    under_way: list[BegunChange] = field(default_factory=list)
    waits: int = 0
    lock: Lock = field(default_factory=Lock)

    def apply(self, account: str, change: Change) -> Reply:
        self.waits += 1

        return self.make(account, change)

    def make(self, account: str, change: Change) -> Reply:
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
        begun = BegunChange(partial(self.make, account, change), partial(self.wait, self.waits))
        self.under_way.append(begun)
        if not self.is_slow:
            self.arrive()

        return begun.reply

    def wait(self, waits: int) -> None:
        """For what was begun after so many *waits*: there was time for it, if anyone has waited since."""
        self.waits += self.waits == waits

    def arrive(self) -> None:
        """Make the changes that are under way."""
        while self.under_way:
            self.under_way.pop(0).arrive()

    def archive(self, account: str, team: str, day: str, usage: Balance) -> Callable[[], bool]:
        with self.lock:
            balance = self.balances[account]
            is_unchanged = all(balance.get(name) == number for name, number in usage.items())
            if is_unchanged:
                self.days[account, day] = {**self.days.get((account, day), {}), **usage}
                for name in usage:
                    del balance[name]

            return lambda: is_unchanged


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
