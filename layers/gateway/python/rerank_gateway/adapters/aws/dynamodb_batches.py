"""BatchStore and FileStore in DynamoDB: an item each, whose keys are listed by owner."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from math import ceil
from typing import TypeVar

from rerank_gateway.adapters.aws.batch_changes import Change
from rerank_gateway.adapters.aws.batch_items import BATCH, Item, to_batch, to_batch_item
from rerank_gateway.adapters.aws.batches_table import BATCHES, BatchesTable
from rerank_gateway.adapters.aws.file_items import FILE, to_file, to_file_item
from rerank_gateway.domain.batches.batch import Batch
from rerank_gateway.domain.batches.files import StoredFile
from rerank_gateway.domain.batches.ports import BatchStore, FileStore, Part
from rerank_gateway.domain.clock import Clock
from rerank_gateway.domain.errors import InvalidRequest, Unavailable

MAX_PASSED_OVER = 500
"""For one answer, of what has expired and DynamoDB has not deleted yet: nobody waits for a list for ever."""

Found = TypeVar("Found")


@dataclass(frozen=True, slots=True)
class DynamoBatchStore(BatchStore):
    table: BatchesTable
    clock: Clock

    def add(self, batch: Batch) -> Batch:
        if self.table.put(to_batch_item(batch), batch.created_at):
            return batch

        # What was there may have gone in between; then its place is free.
        return self.find(batch.id) or self.add(batch)

    def find(self, batch_id: str) -> Batch | None:
        return self._living(self.table.get(batch_id, BATCH))

    def of_owner(self, owner: str, part: Part) -> tuple[Sequence[Batch], bool]:
        return _listed(self.table, f"{BATCH}#{owner}", part, self._living)

    def cancel(self, batch: Batch, now: float) -> Batch:
        cancelled = self.table.update(
            Change(
                batch.id,
                BATCH,
                "SET #status = :cancelling, #cancelling_at = :now",
                "#status IN (:validating, :in_progress)",
                {"cancelling": "cancelling", "validating": "validating", "in_progress": "in_progress", "now": now},
            )
        )

        return to_batch(cancelled) if cancelled else self.find(batch.id) or batch

    def forget(self, batch: Batch) -> None:
        self.table.delete(Change(batch.id, BATCH, "", "#status = :validating", {"validating": "validating"}))

    def _living(self, item: Item | None) -> Batch | None:
        batch = to_batch(item) if item else None

        return batch if batch and batch.expires_at > self.clock.epoch() else None


@dataclass(frozen=True, slots=True)
class DynamoFileStore(FileStore):
    table: BatchesTable
    clock: Clock

    def add(self, file: StoredFile) -> None:
        # Over what is there: a step that is done twice writes the same twice.
        self.table.replace(to_file_item(file))

    def find(self, file_id: str) -> StoredFile | None:
        return self._living(self.table.get(file_id, FILE))

    def of_owner(self, owner: str, part: Part) -> tuple[Sequence[StoredFile], bool]:
        return _listed(self.table, f"{FILE}#{owner}", part, self._living)

    def remove(self, file: StoredFile) -> None:
        # It is on no list any more, but may be the one that its caller goes on behind: what is listed is often removed.
        change = "REMOVE #owned SET #expires_at = :now"
        self.table.update(Change(file.id, FILE, change, "attribute_exists(#id)", {"now": int(self.clock.epoch())}))

    def _living(self, item: Item | None) -> StoredFile | None:
        file = to_file(item) if item else None

        return file if file and file.expires_at > self.clock.epoch() else None


def _listed(
    table: BatchesTable, owned: str, part: Part, living: Callable[[Item | None], Found | None]
) -> tuple[Sequence[Found], bool]:
    """
    What there is in a *part* of the list *owned*, and whether there are more behind it. Callers go on behind the last
    that they see, so that a part in which all have expired is passed over. Raises InvalidRequest.
    """
    kind, _, owner = owned.partition("#")
    after = table.get(part.after, kind) if part.after else None
    if part.after and (after is None or after["owner"]["S"] != owner):
        # Not an empty part, with which a list would seem to be at its end.
        raise InvalidRequest(f"after must be the id of a {kind} of yours", param="after")
    for _ in range(ceil(MAX_PASSED_OVER / part.limit)):
        keys = table.of_owner(owned, replace(part, limit=part.limit + 1), after)
        ids = [each["id"]["S"] for each in keys[: part.limit]]
        items = table.get_all(ids, kind)
        found = [there for each in ids if (there := living(items.get(each)))]
        if found or len(keys) <= part.limit:
            return found, len(keys) > part.limit
        after = keys[part.limit - 1]

    raise Unavailable(f"{BATCHES} cannot be listed at the moment", cause="dynamodb.Query Expired")
