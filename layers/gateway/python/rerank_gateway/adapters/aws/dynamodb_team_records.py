"""TeamRecords in KeysTable."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from rerank_gateway.adapters.aws.dynamodb_keys import TEAM_PREFIX
from rerank_gateway.adapters.aws.management_items import team_item, to_team_record
from rerank_gateway.adapters.aws.management_table import ManagementTable, delete, put, update
from rerank_gateway.domain.management.ports import TeamRecords
from rerank_gateway.domain.management.records import Changes, TeamRecord


@dataclass(frozen=True, slots=True)
class DynamoTeamRecords(TeamRecords):
    table: ManagementTable

    def find(self, name: str) -> TeamRecord | None:
        item = self.table.get(f"{TEAM_PREFIX}{name}")

        return to_team_record(item) if item else None

    def all(self) -> Iterator[TeamRecord]:
        for item in self.table.all():
            if item["key_hash"]["S"].startswith(TEAM_PREFIX):
                yield to_team_record(item)

    def add(self, record: TeamRecord) -> bool:
        return self.table.write([put(team_item(record))])

    def change(self, name: str, changes: Changes, now: float) -> bool:
        return self.table.write([update(f"{TEAM_PREFIX}{name}", {**changes, "updated_at": now})])

    def remove(self, name: str) -> bool:
        key = f"{TEAM_PREFIX}{name}"

        # One that was written by hand does not count its keys.
        return any(self.table.write([delete(key, {"key_count": count})]) for count in (0, None))
