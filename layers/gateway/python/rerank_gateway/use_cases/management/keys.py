"""Keys are changed and removed."""

from __future__ import annotations

from dataclasses import dataclass

from rerank_gateway.domain.clock import Clock
from rerank_gateway.domain.errors import InvalidRequest, UnknownKey
from rerank_gateway.domain.keys import VirtualKey
from rerank_gateway.domain.management.ports import KeyRecords, TeamRecords
from rerank_gateway.domain.management.records import Changes, KeyRecord, must_grant, must_manage
from rerank_gateway.use_cases.management.attempts import until_written


@dataclass(frozen=True, slots=True)
class ChangeKey:
    keys: KeyRecords
    teams: TeamRecords
    clock: Clock

    def __call__(self, by: VirtualKey, key_hash: str, changes: Changes) -> KeyRecord:
        """
        The key with a token of this hash after *changes*; what they do not name stays as it is, whoever else changes
        it. Raises AdminRequired, UnknownKey or InvalidRequest.
        """
        expires_at = changes.get("expires_at")
        must_lie_ahead(expires_at if isinstance(expires_at, float) else None, self.clock.epoch())

        return until_written(lambda: self._change(by, key_hash, changes))

    def _change(self, by: VirtualKey, key_hash: str, changes: Changes) -> KeyRecord | None:
        must_manage(by)
        record = readable_key(self.keys, key_hash)
        must_grant(by, is_admin=record.key.admin or bool(changes.get("admin")))
        if not changes:
            return record
        must_be_there(self.teams, str(changes.get("team") or ""))

        return find_key(self.keys, key_hash) if self.keys.change(record, changes, self.clock.epoch()) else None


@dataclass(frozen=True, slots=True)
class RemoveKey:
    keys: KeyRecords

    def __call__(self, by: VirtualKey, key_hash: str) -> KeyRecord:
        """The key that was removed, with all of its tokens. Raises AdminRequired or UnknownKey."""
        return until_written(lambda: self._remove(by, key_hash))

    def _remove(self, by: VirtualKey, key_hash: str) -> KeyRecord | None:
        must_manage(by)
        record = find_key(self.keys, key_hash)
        must_grant(by, is_admin=record.key.admin)

        return record if self.keys.remove(record) else None


def find_key(keys: KeyRecords, key_hash: str) -> KeyRecord:
    """The key with a token of this hash. Raises UnknownKey."""
    record = keys.find(key_hash)
    if record is None:
        raise UnknownKey("there is no such key")

    return record


def readable_key(keys: KeyRecords, key_hash: str) -> KeyRecord:
    """The same. Raises InvalidRequest for a record that somebody wrote by hand and nobody can read."""
    record = find_key(keys, key_hash)
    if record.fault:
        raise InvalidRequest(f"this key's record is faulty, and can only be deleted: {record.fault} cannot be read")

    return record


def must_lie_ahead(expires_at: float | None, now: float) -> None:
    if expires_at is not None and expires_at <= now:
        raise InvalidRequest("expires_at must lie in the future", param="expires_at")


def must_be_there(teams: TeamRecords, name: str) -> None:
    if name and teams.find(name) is None:
        raise InvalidRequest(f"there is no team {name!r}; make it with POST /api/v1/teams", param="team")
