"""BatchStore and FileStore in DynamoDB: an item each, whose keys are listed by owner."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from rerank_gateway.adapters.aws.batch_changes import Change
from rerank_gateway.adapters.aws.batch_items import BATCH, Item, to_batch, to_batch_item
from rerank_gateway.adapters.aws.batches_table import BatchesTable
from rerank_gateway.adapters.aws.file_items import FILE, to_file, to_file_item
from rerank_gateway.domain.batches.batch import Batch
from rerank_gateway.domain.batches.files import StoredFile
from rerank_gateway.domain.batches.ports import BatchStore, FileStore, Part
from rerank_gateway.domain.clock import Clock


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
        item = self.table.get(batch_id, BATCH)
        batch = to_batch(item) if item else None

        return batch if batch and batch.expires_at > self.clock.epoch() else None

    def of_owner(self, owner: str, part: Part) -> tuple[Sequence[Batch], bool]:
        items, more = _listed(self.table, BATCH, owner, part)
        batches = (to_batch(item) for item in items)

        return [batch for batch in batches if batch.expires_at > self.clock.epoch()], more

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


@dataclass(frozen=True, slots=True)
class DynamoFileStore(FileStore):
    table: BatchesTable
    clock: Clock

    def add(self, file: StoredFile) -> None:
        # Over what is there: a step that is done twice writes the same twice.
        self.table.replace(to_file_item(file))

    def find(self, file_id: str) -> StoredFile | None:
        item = self.table.get(file_id, FILE)
        file = to_file(item) if item else None

        return file if file and file.expires_at > self.clock.epoch() else None

    def of_owner(self, owner: str, part: Part) -> tuple[Sequence[StoredFile], bool]:
        items, more = _listed(self.table, FILE, owner, part)
        files = (to_file(item) for item in items)

        return [file for file in files if file.expires_at > self.clock.epoch()], more

    def remove(self, file: StoredFile) -> None:
        self.table.delete(Change(file.id, FILE, "", "attribute_exists(#id)"))


def _listed(table: BatchesTable, kind: str, owner: str, part: Part) -> tuple[Iterator[Item], bool]:
    """The items of that *kind* in this *part* of an owner's list, and whether there are more behind them."""
    after = table.get(part.after, kind) if part.after else None
    # An id that is not the owner's is behind nothing of theirs.
    if part.after and (after is None or after["owned"]["S"] != f"{kind}#{owner}"):
        return iter(()), False
    keys = table.of_owner(f"{kind}#{owner}", replace(part, limit=part.limit + 1), after)
    found = (table.get(each["id"]["S"], kind) for each in keys[: part.limit])

    return (item for item in found if item), len(keys) > part.limit
