"""Where keys and teams are kept; `entry/wiring` fills it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from rerank_gateway.domain.management.records import Changes, KeyRecord, TeamRecord


@dataclass(frozen=True, slots=True)
class NewToken:
    """
    What takes the place of a token: the *hash* of the new one and its *label*. Of those before it only the one with
    the hash *kept* is good any longer, until *kept_until*; None of them if that is past.
    """

    hash: str
    label: str
    kept: str
    kept_until: float


class KeyRecords(Protocol):
    """
    All methods raise Unavailable. A write happens only where what it is given still is so, and all of it or nothing;
    it says whether it did.
    """

    def find(self, key_hash: str) -> KeyRecord | None:
        """The key with a token of this hash, be it the one before the last."""

    def find_id(self, key_id: str) -> KeyRecord | None:
        """The key with this id, unless it was written by hand."""

    def all(self) -> Iterable[KeyRecord]:
        """Every key, in no order."""

    def add(self, record: KeyRecord) -> bool:
        """Keep a new one. Its team must be there."""

    def change(self, record: KeyRecord, changes: Changes, now: float) -> bool:
        """Change the attributes in *changes*, and no other. A new team must be there."""

    def replace_token(self, record: KeyRecord, token: NewToken, now: float) -> bool:
        """Give it another token."""

    def remove(self, record: KeyRecord) -> bool: ...


class TeamRecords(Protocol):
    """As KeyRecords."""

    def find(self, name: str) -> TeamRecord | None: ...

    def all(self) -> Iterable[TeamRecord]: ...

    def add(self, record: TeamRecord) -> bool: ...

    def change(self, name: str, changes: Changes, now: float) -> bool: ...

    def remove(self, name: str) -> bool:
        """Remove a team that has no keys."""


class TokenSource(Protocol):
    def __call__(self) -> str:
        """A new token, which nobody could guess."""
