"""What is kept of keys and teams beside what callers are checked by."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

from rerank_gateway.domain.errors import AdminRequired
from rerank_gateway.domain.keys import MASTER_ID, Team, VirtualKey

Value: TypeAlias = str | int | float | bool | tuple[str, ...] | None
Changes: TypeAlias = Mapping[str, Value]
"""
New values by the name that an attribute has in a record, and no others; None removes it. `limit` is in USD and
`expires_at` in epoch seconds.
"""
MAX_GRACE_S = 86_400
"""Seconds for which a token that was replaced stays good, at most and unless said otherwise."""


@dataclass(frozen=True, slots=True)
class PreviousToken:
    """A token that was replaced, by its hash; it is good until *expires_at*."""

    hash: str
    expires_at: float


@dataclass(frozen=True, slots=True)
class KeyRecord:
    """
    A *key*, the *hash* of its token and what people recognize the token by, its *label*.

    *version* counts changes; it is 0 for a record that somebody wrote by hand. *fault* is the attribute for which such
    a record cannot be read: its key is none then.
    """

    key: VirtualKey
    hash: str
    label: str = ""
    created_at: float = 0.0
    updated_at: float = 0.0
    created_by: str = ""
    previous: PreviousToken | None = None
    version: int = 0
    fault: str | None = None

    def expires_at(self, key_hash: str) -> float:
        """When the one of its tokens with this hash ends."""
        if self.previous and self.previous.hash == key_hash:
            return self.previous.expires_at

        return float("inf") if self.key.expires_at is None else self.key.expires_at


@dataclass(frozen=True, slots=True)
class TeamRecord:
    """A *team*, and how many keys are in it."""

    team: Team
    created_at: float = 0.0
    updated_at: float = 0.0
    keys: int = 0


def may_manage(key: VirtualKey) -> bool:
    return key.admin or key.id == MASTER_ID


def must_manage(key: VirtualKey) -> None:
    """Raise AdminRequired unless *key* may manage keys and teams."""
    if not may_manage(key):
        raise AdminRequired("this takes the master key, or a key with `admin`")


def must_grant(key: VirtualKey, *, is_admin: bool) -> None:
    """
    Raise AdminRequired unless *key* may make or change a key that *is_admin*, or is to be: nobody makes themselves
    more than they are.
    """
    must_manage(key)
    if is_admin and key.id != MASTER_ID:
        raise AdminRequired("a key with `admin` is made, changed and removed by the master key only", param="admin")
