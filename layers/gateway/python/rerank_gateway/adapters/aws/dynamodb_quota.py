"""StorageQuota in DynamoDB: an item for each owner and day."""

from __future__ import annotations

from dataclasses import dataclass

from rerank_gateway.adapters.aws.batch_changes import Change
from rerank_gateway.adapters.aws.batches_table import BatchesTable
from rerank_gateway.domain.batches.ports import StorageQuota
from rerank_gateway.domain.spending.reservation import DAY_S

QUOTA = "quota"


@dataclass(frozen=True, slots=True)
class DynamoStorageQuota(StorageQuota):
    table: BatchesTable

    def add(self, owner: str, day: int, size: int, most: int) -> bool:
        change = "SET #expires_at = :expires_at ADD #bytes :size"
        values = {"size": size, "left": most - size, "expires_at": (day + 2) * DAY_S}
        expected = "attribute_not_exists(#bytes) OR #bytes <= :left"

        return self.table.update(Change(f"{QUOTA}#{owner}", f"{day}", change, expected, values)) is not None
