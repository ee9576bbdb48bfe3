"""How an account may change: always by one write, which says what it expects."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Protocol

from rerank_gateway.domain.errors import Unavailable
from rerank_gateway.domain.spending.counters import Balance, stale


@dataclass(frozen=True, slots=True)
class Change:
    """
    What to *add* to counters, and which to *remove*, if none of those with a ceiling *at_most* is above it, those named
    in *present* are there, and those in *absent* are not. *team* is noted as the account's.
    """

    add: Mapping[str, int] = field(default_factory=dict)
    remove: Iterable[str] = ()
    at_most: Mapping[str, int] = field(default_factory=dict)
    present: Iterable[str] = ()
    absent: Iterable[str] = ()
    team: str = ""


def added(some: Balance, more: Balance) -> Balance:
    """What it comes to to add both, counter by counter."""
    return {name: some.get(name, 0) + more.get(name, 0) for name in dict.fromkeys((*some, *more))}


def cleaned(change: Change, balance: Balance, now: float) -> Change:
    """*change*, which also removes what of *balance* is over."""
    over = [name for name in stale(balance, now) if name not in change.add]

    return replace(change, remove=dict.fromkeys([*change.remove, *over])) if over else change


@dataclass(frozen=True, slots=True)
class Reply:
    """Whether a change *is_applied*, and the *balance* after it, or the one that was against it."""

    is_applied: bool
    balance: Balance


class TooManyWrites(Unavailable):
    """Nothing was done, as the account takes no more writes at the moment."""


class Accounts(Protocol):
    """
    Where the accounts of keys and teams are kept. All methods raise TooManyWrites, or Unavailable: then it is open what
    was done.
    """

    def apply(self, account: str, change: Change) -> Reply:
        """Make *change*, all of it or nothing."""

    def begin(self, account: str, change: Change) -> Callable[[], Reply]:
        """The same, without waiting for what comes of it: the result tells, or raises the same."""

    def archive(self, account: str, team: str, day: str, usage: Balance) -> Callable[[], bool]:
        """
        Move the *usage* of a *day* that is over out of the balance, with the name of the *team*, if it is still all
        that was used then. The result tells whether it was, for whoever wants to wait for that.
        """
