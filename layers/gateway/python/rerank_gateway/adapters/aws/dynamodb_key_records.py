"""KeyRecords in KeysTable. Each write is one transaction."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from rerank_gateway.adapters.aws.dynamodb_keys import OWNER_PREFIX, TEAM_PREFIX
from rerank_gateway.adapters.aws.management_items import (
    key_items,
    previous_values,
    to_key_record,
)
from rerank_gateway.adapters.aws.management_table import ManagementTable, Write, delete, put, update
from rerank_gateway.domain.management.ports import KeyRecords, NewToken
from rerank_gateway.domain.management.records import Changes, KeyRecord, PreviousToken, Value


@dataclass(frozen=True, slots=True)
class DynamoKeyRecords(KeyRecords):
    table: ManagementTable

    def find(self, key_hash: str) -> KeyRecord | None:
        item = self.table.get(key_hash)
        if item is None:
            return None
        by_hash = to_key_record(item)

        return self.find_id(by_hash.key.id) or by_hash

    def find_id(self, key_id: str) -> KeyRecord | None:
        item = self.table.get(f"{OWNER_PREFIX}{key_id}")

        return to_key_record(item) if item else None

    def all(self) -> Iterator[KeyRecord]:
        by_hash: list[KeyRecord] = []
        ids: set[str] = set()
        for item in self.table.all():
            name = item["key_hash"]["S"]
            if name.startswith(OWNER_PREFIX):
                ids.add(name.removeprefix(OWNER_PREFIX))
                yield to_key_record(item)
            elif not name.startswith(TEAM_PREFIX):
                by_hash.append(to_key_record(item))
        yield from (record for record in by_hash if record.key.id not in ids)

    def add(self, record: KeyRecord) -> bool:
        by_hash, by_id = key_items(record)

        return self.table.write([put(by_hash), put(by_id), *self._counted(record.key.team, 1)])

    def change(self, record: KeyRecord, changes: Changes, now: float) -> bool:
        if not record.version:
            return self._adopt(record)
        values: Changes = {**changes, "updated_at": now}
        key, seen = record.key, _seen(record)
        counts: Sequence[Write] = ()
        if "team" in changes and (changes["team"] or "") != key.team:
            counts = [*self._counted(key.team, -1), *self._counted(str(changes["team"] or ""), 1)]
            seen |= {"team": key.team or None}

        return self.table.write(
            [
                update(record.hash, values),
                update(f"{OWNER_PREFIX}{key.id}", {**values, **_previous_values(record, changes)}, seen, version=1),
                *_changed_before(record, values),
                *counts,
            ]
        )

    def replace_token(self, record: KeyRecord, token: NewToken, now: float) -> bool:
        if not record.version:
            return self._adopt(record)
        kept = PreviousToken(token.kept, token.kept_until) if token.kept_until > now else None
        renewed = replace(record, hash=token.hash, label=token.label, updated_at=now, previous=kept)
        by_hash, _ = key_items(renewed)
        given: Changes = {"hash": token.hash, "label": token.label, "updated_at": now, **previous_values(kept)}

        return self.table.write(
            [
                put(by_hash),
                # Every change of the record is in its copy: none has come in between.
                update(f"{OWNER_PREFIX}{record.key.id}", given, {"version": record.version}, version=1),
                *(
                    update(each, {"expires_at": kept.expires_at}) if kept and each == kept.hash else delete(each)
                    for each in _hashes(record)
                ),
            ]
        )

    def remove(self, record: KeyRecord) -> bool:
        if not record.version:
            return self.table.write([delete(record.hash)])

        return self.table.write(
            [
                delete(f"{OWNER_PREFIX}{record.key.id}", {"version": record.version}),
                *map(delete, _hashes(record)),
                *self._counted(record.key.team, -1),
            ]
        )

    def _adopt(self, record: KeyRecord) -> bool:
        """Give a record that was written by hand the item under its id, without which nothing else is done to it."""
        _, by_id = key_items(replace(record, version=1))
        self.table.write([put(by_id), *self._counted(record.key.team, 1)])

        return False

    def _counted(self, team: str, by: int) -> Sequence[Write]:
        """That a *team*, if it is there at all, has one key more or less."""
        name = f"{TEAM_PREFIX}{team}"
        if not team or (by < 0 and self.table.get(name) is None):
            return ()

        return [update(name, {}, key_count=by)]


def _seen(record: KeyRecord) -> dict[str, Value]:
    """What must not have changed meanwhile: which items there are, and who may write them."""
    return {
        "hash": record.hash,
        "previous_hash": record.previous.hash if record.previous else None,
        "admin": record.key.admin,
    }


def _hashes(record: KeyRecord) -> list[str]:
    return [record.hash, *([record.previous.hash] if record.previous else [])]


def _previous_values(record: KeyRecord, changes: Changes) -> Changes:
    """When the token before ends: no later than the key does."""
    ends = changes.get("expires_at")
    if record.previous and isinstance(ends, float):
        return {"previous_expires_at": min(ends, record.previous.expires_at)}

    return {}


def _changed_before(record: KeyRecord, values: Changes) -> Sequence[Write]:
    if record.previous is None:
        return ()
    kept = {name: value for name, value in values.items() if name != "expires_at"}
    ends = _previous_values(record, values).get("previous_expires_at")

    return [update(record.previous.hash, kept | ({} if ends is None else {"expires_at": ends}))]
