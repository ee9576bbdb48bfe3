"""Lists of keys, in parts."""

from __future__ import annotations

from dataclasses import dataclass

from rerank_gateway.domain.management.records import KeyRecord


@dataclass(frozen=True, slots=True)
class KeyFilter:
    """Which keys are listed: those of a *team*, if one is named, and whether the *disabled* and *expired* ones are."""

    team: str | None = None
    disabled: bool = False
    expired: bool = False

    def has(self, record: KeyRecord, now: float) -> bool:
        """Whether *record* is among them at *now*, in epoch seconds."""
        key = record.key
        is_over = key.expires_at is not None and key.expires_at <= now

        return (
            (self.team is None or key.team == self.team)
            and (self.disabled or not key.disabled)
            and (self.expired or not is_over)
        )


@dataclass(frozen=True, slots=True)
class Page:
    """Which part of a list: at most *limit*, those behind the place *after*, if one is named, less *offset* of them."""

    limit: int
    offset: int = 0
    after: str | None = None


def place_of(record: KeyRecord) -> str:
    """Where *record* stands in a list: it sorts by when it was made, and stays the same however its key changes."""
    return f"{record.created_at:017.6f}-{record.key.id or record.hash}"
