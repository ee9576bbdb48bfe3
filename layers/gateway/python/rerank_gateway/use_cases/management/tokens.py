"""Keys get their tokens: new keys, and those that are rotated."""

from __future__ import annotations

from dataclasses import dataclass, replace
from uuid import NAMESPACE_URL, uuid4, uuid5

from rerank_gateway.domain.clock import Clock
from rerank_gateway.domain.errors import IdempotencyConflict
from rerank_gateway.domain.keys import VirtualKey, hash_of_token
from rerank_gateway.domain.management.ports import KeyRecords, NewToken, TeamRecords, TokenSource
from rerank_gateway.domain.management.records import KeyRecord, must_grant, must_manage
from rerank_gateway.use_cases.management.attempts import until_written
from rerank_gateway.use_cases.management.keys import find_key, must_be_there, must_lie_ahead, readable_key

HEAD_CHARS, TAIL_CHARS = 10, 4
"""
Characters of a token that its label shows: its prefix and the four behind it, and the last four. The other 56 of 64 are
far too many to guess.
"""


@dataclass(frozen=True, slots=True)
class IssuedKey:
    """A key, and its *token*, which is told this once."""

    record: KeyRecord
    token: str


@dataclass(frozen=True, slots=True)
class CreateKey:
    keys: KeyRecords
    teams: TeamRecords
    new_token: TokenSource
    clock: Clock

    def __call__(self, by: VirtualKey, key: VirtualKey, idempotency_key: str | None = None) -> IssuedKey:
        """
        *key* as a new one, under an id and a token of its own. Raises AdminRequired unless *by* may make it,
        InvalidRequest, or IdempotencyConflict where *by* has made one with the same *idempotency_key*.
        """
        must_grant(by, is_admin=key.admin)
        now, token = self.clock.epoch(), self.new_token()
        must_lie_ahead(key.expires_at, now)
        named = replace(key, id=_id_of(by, idempotency_key))
        record = KeyRecord(named, hash_of_token(token), _label(token), now, now, by.id, version=1)

        return until_written(lambda: self._add(record, token))

    def _add(self, record: KeyRecord, token: str) -> IssuedKey | None:
        must_be_there(self.teams, record.key.team)
        if self.keys.add(record):
            return IssuedKey(record, token)
        if there := self.keys.find_id(record.key.id):
            raise IdempotencyConflict(
                f"this Idempotency-Key has made the key {there.hash}; its secret was told once: rotate it for another",
                param="Idempotency-Key",
            )

        return None


@dataclass(frozen=True, slots=True)
class RotateKey:
    keys: KeyRecords
    new_token: TokenSource
    clock: Clock

    def __call__(self, by: VirtualKey, key_hash: str, grace_s: float) -> IssuedKey:
        """
        The key with a token of this hash, with another token. That of this hash stays good for *grace_s* seconds, and
        no other does: whoever has not got the answer, and asks again, takes nothing from those who still have the old
        one. Raises AdminRequired or UnknownKey.
        """
        token = self.new_token()

        return until_written(lambda: self._rotate(by, key_hash, grace_s, token))

    def _rotate(self, by: VirtualKey, key_hash: str, grace_s: float, token: str) -> IssuedKey | None:
        must_manage(by)
        record, now = readable_key(self.keys, key_hash), self.clock.epoch()
        must_grant(by, is_admin=record.key.admin)
        until = min(now + grace_s, record.expires_at(key_hash))
        replaced = self.keys.replace_token(record, NewToken(hash_of_token(token), _label(token), key_hash, until), now)

        return IssuedKey(find_key(self.keys, hash_of_token(token)), token) if replaced else None


def _id_of(by: VirtualKey, idempotency_key: str | None) -> str:
    return (uuid5(NAMESPACE_URL, f"{by.id}\n{idempotency_key}") if idempotency_key else uuid4()).hex


def _label(token: str) -> str:
    return f"{token[:HEAD_CHARS]}...{token[-TAIL_CHARS:]}"
