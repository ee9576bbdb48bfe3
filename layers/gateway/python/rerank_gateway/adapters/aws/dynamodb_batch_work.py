"""BatchWork in DynamoDB: what is done of a chunk is counted in its item and in that of its batch by the same write."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from math import ceil

from rerank_gateway.adapters.aws.batch_changes import Change, Values
from rerank_gateway.adapters.aws.batch_items import BATCH, moment_name, packed_errors, to_batch
from rerank_gateway.adapters.aws.chunk_items import CHUNK, part_of, to_chunk
from rerank_gateway.adapters.aws.dynamodb_batches import DynamoBatchStore
from rerank_gateway.domain.batches.batch import COMPLETION_WINDOW_S, MAX_ERRORS, MAX_RESULTS_TTL_S, Batch
from rerank_gateway.domain.batches.chunks import ChunkState
from rerank_gateway.domain.batches.work import BatchEnd, BatchWork, Plan, Progress
from rerank_gateway.domain.jobs.job import Lease

CHUNK_TTL_S = COMPLETION_WINDOW_S + MAX_RESULTS_TTL_S
"""Seconds for which a chunk is kept after it was last claimed: until nobody can ask for its batch any more."""
FREE = "attribute_not_exists(#finished_at) AND (attribute_not_exists(#lease_until) OR #lease_until <= :now)"
UNHELD = "attribute_not_exists(#finished_at) AND (attribute_not_exists(#holder) OR #lease_until <= :now)"


@dataclass(frozen=True, slots=True)
class DynamoBatchWork(DynamoBatchStore, BatchWork):
    def note_validations(self, batch: Batch, number: int) -> None:
        values: Values = {"number": number, "validating": "validating"}
        self.table.update(Change(batch.id, BATCH, "SET #validations = :number", "#status = :validating", values))

    def start(self, batch: Batch, plan: Plan, now: float) -> None:
        counted = "#total = :total, #failed = :none, #completed = :none, #chunks = :chunks, #chunks_done = :none"
        found = "#input_key = :key, #input_etag = :etag, #errors = :errors, #in_progress_at = :now"
        values: Values = {
            "total": plan.total,
            "chunks": plan.chunks,
            "none": 0,
            "key": plan.content.key,
            "etag": plan.content.etag,
            "errors": packed_errors(plan.errors[:MAX_ERRORS]),
            "now": now,
            "validating": "validating",
            "in_progress": "in_progress",
        }
        change = f"SET #status = :in_progress, {counted}, {found}"
        self.table.update(Change(batch.id, BATCH, change, "#status = :validating", values))

    def claim(self, chunk: ChunkState, lease: Lease, now: float, *, at_once: bool = False) -> ChunkState | None:
        held = (
            "SET #holder = :holder, #lease_until = :until, #expires_at = :expires, #done = if_not_exists(#done, :none)"
        )
        values: Values = {
            "holder": lease.holder,
            "until": lease.until,
            "expires": ceil(lease.until + CHUNK_TTL_S),
            "none": 0,
            "one": 1,
            "now": now,
        }
        change, expected = f"{held} ADD #claims :one", UNHELD if at_once else FREE
        claimed = self.table.update(Change(chunk.batch_id, part_of(chunk.number), change, expected, values))
        # It may be ours: boto3 sends a write again when the response to the first was lost.
        state = to_chunk(claimed) if claimed else self.peek(chunk.batch_id, chunk.number)

        return state if state.lease == lease else None

    def peek(self, batch_id: str, chunk: int) -> ChunkState:
        item = self.table.get(batch_id, part_of(chunk))

        return to_chunk(item) if item else ChunkState(batch_id, chunk)

    def record(self, chunk: ChunkState, part: str, progress: Progress) -> ChunkState | None:
        if self.table.transact([_done(chunk, part, progress, self.clock.epoch()), _counted(chunk, progress)]):
            lease, parts = None if progress.is_last else chunk.lease, (*chunk.parts, part)
            return replace(chunk, done=progress.done, parts=parts, lease=lease, stalls=0, is_finished=progress.is_last)
        # It may be this very write that is there, when the first response was lost.
        state = self.peek(chunk.batch_id, chunk.number)

        return state if part in state.parts else None

    def release(self, chunk: ChunkState, until: float, *, stalled: bool) -> None:
        change = "SET #lease_until = :until, #claims = :none, #stalls = :stalls REMOVE #holder"
        values: Values = {
            "until": until,
            "none": 0,
            "stalls": chunk.stalls + 1 if stalled else 0,
            "holder": chunk.holder,
        }
        self.table.update(Change(chunk.batch_id, part_of(chunk.number), change, "#holder = :holder", values))

    def begin_finalizing(self, batch: Batch, now: float) -> bool:
        expected = "#chunks_done >= #chunks AND attribute_not_exists(#finalizing_at) AND #status = :status"
        # What is called off stays so: its moment alone says that somebody is at its results.
        for status, to in (("in_progress", "finalizing"), ("cancelling", "cancelling")):
            values: Values = {"status": status, "to": to, "now": now}
            change = "SET #status = :to, #finalizing_at = :now"
            if self.table.update(Change(batch.id, BATCH, change, expected, values)):
                return True

        return False

    def chunks(self, batch_id: str) -> Iterator[ChunkState]:
        return map(to_chunk, self.table.parts(batch_id, CHUNK))

    def end(self, batch: Batch, end: BatchEnd, now: float) -> Batch | None:
        files: dict[str, str | None] = {"output_file_id": end.output_file_id, "error_file_id": end.error_file_id}
        found: Values = {name: value for name, value in files.items() if value}
        if end.errors:
            found["errors"] = packed_errors(end.errors[:MAX_ERRORS])
        values: Values = {
            "status": end.status,
            "now": now,
            "expires": ceil(now + batch.results_ttl),
            "seen": batch.status,
        }
        beside = "".join(f", #{name} = :{name}" for name in found)
        change = f"SET #status = :status, #{moment_name(end.status)} = :now, #expires_at = :expires{beside}"
        ended = self.table.update(Change(batch.id, BATCH, change, "#status = :seen", values | found))

        return to_batch(ended) if ended else None

    def record_event(self, batch: Batch, now: float) -> None:
        expected = "#status = :status"
        values: Values = {"now": now, "status": batch.status}
        self.table.update(Change(batch.id, BATCH, "SET #event_sent_at = :now", expected, values))


def _done(chunk: ChunkState, part: str, progress: Progress, now: float) -> Change:
    change = "SET #done = :done, #parts = list_append(if_not_exists(#parts, :nothing), :part), #stalls = :none"
    values: Values = {"done": progress.done, "nothing": (), "part": (part,), "none": 0, "holder": chunk.holder}
    if progress.is_last:
        change, values = f"{change}, #finished_at = :now, #lease_until = :now REMOVE #holder", {**values, "now": now}
    # By what was done before, so that a write that arrives twice is done once.
    expected, values = "#holder = :holder AND #done = :before", {**values, "before": chunk.done}

    return Change(chunk.batch_id, part_of(chunk.number), change, expected, values)


def _counted(chunk: ChunkState, progress: Progress) -> Change:
    change = "ADD #completed :completed, #failed :failed, #cost :cost, #chunks_done :chunks_done"
    values: Values = {
        "completed": progress.completed,
        "failed": progress.failed,
        "cost": progress.cost,
        "chunks_done": int(progress.is_last),
    }

    return Change(chunk.batch_id, BATCH, change, "attribute_exists(#id)", values)
