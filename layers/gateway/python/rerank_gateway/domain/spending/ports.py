"""What limits and reports need from the world; `entry/wiring` fills it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from rerank_gateway.domain.spending.limits import Reset
from rerank_gateway.domain.spending.usage import Spending, UsageEntry


def key_account(key_id: str) -> str:
    """What the account of a key is called: a rotated key keeps it."""
    return f"key#{key_id}"


def team_account(team: str) -> str:
    """What the account of a team is called."""
    return f"team#{team}"


class UsageReader(Protocol):
    """Both methods raise Unavailable."""

    def entries(self, first: str, last: str, account: str | None = None) -> Iterable[UsageEntry]:
        """
        What was used from the day *first* to the day *last*, by every key that has a limit or a team, or by the one
        with this *account* alone.
        """

    def spending(self, account: str, reset: Reset | None, now: float) -> Spending:
        """
        What the key or the team with this *account* has spent at *now*, its budget being of the kind *reset*. Of a team
        there is only the period of its budget: the rest is its keys' to tell.
        """
