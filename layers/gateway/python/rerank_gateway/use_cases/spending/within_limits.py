"""Refuse nobody by limits that have been raised meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from rerank_gateway.domain.errors import BudgetExceeded, RateLimited, TooLarge
from rerank_gateway.domain.keys import VirtualKey

T = TypeVar("T")


def within_limits(key: VirtualKey, act: Callable[[VirtualKey], T], read_again: Callable[[], VirtualKey | None]) -> T:
    """
    What *act* comes to for *key*; where a limit is against it, for the key that *read_again* finds, if its limits are
    others by now. None is one that is gone.
    """
    try:
        return act(key)
    except (RateLimited, BudgetExceeded, TooLarge):
        fresh = read_again()
        if fresh is None or (fresh.limits, fresh.team_limits) == (key.limits, key.team_limits):
            raise

    return act(fresh)
