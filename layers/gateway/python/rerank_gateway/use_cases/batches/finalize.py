"""Write the results of a batch together, in the order of its lines, when all of them have ended."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from concurrent.futures import Executor, Future
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field, replace
from hashlib import sha256

from rerank_gateway.domain.batches.batch import Batch, BatchStatus
from rerank_gateway.domain.batches.chunks import ChunkState, index_key, part_key
from rerank_gateway.domain.batches.contents import Contents, ContentWriter
from rerank_gateway.domain.batches.files import Purpose, StoredFile, object_key_of
from rerank_gateway.domain.batches.ports import FileStore
from rerank_gateway.domain.batches.results import ERRORS, OUTPUT, LineEnd, LineResult, dropped_key, of_part
from rerank_gateway.domain.batches.work import BatchEnd, BatchWork
from rerank_gateway.domain.clock import Clock
from rerank_gateway.domain.errors import Unavailable
from rerank_gateway.use_cases.batches.finish import FinishBatch, is_superseded
from rerank_gateway.use_cases.jobs.redeliver import Redeliver

PREFETCHED_CHUNKS, PREFETCHED_BYTES = 16, 32 * 1024 * 1024
"""Chunks whose parts are read ahead of the one that is written, as many as have no more bytes than that."""


@dataclass(slots=True)
class ResultFiles:
    """The files with results and with errors of a *batch*, each of which is there once something is written to it."""

    batch: Batch
    contents: Contents
    stack: ExitStack
    writers: dict[str, ContentWriter] = field(default_factory=dict)
    sizes: dict[str, int] = field(default_factory=dict)
    has_expired: bool = False

    def write(self, result: LineResult) -> None:
        name = OUTPUT if result.end is LineEnd.ANSWERED else ERRORS
        self.has_expired |= result.end is LineEnd.EXPIRED
        if name not in self.writers:
            self.writers[name] = self.stack.enter_context(self.contents.writer(self.key(name)))
        self.writers[name].write(result.text + b"\n")
        self.sizes[name] = self.sizes.get(name, 0) + len(result.text) + 1

    def key(self, name: str) -> str:
        """Where that file lies: the same whenever the batch is finalized once more."""
        return dropped_key(self.batch.output, name) if self.batch.output else object_key_of(self.file_id(name))

    def file_id(self, name: str) -> str:
        return f"file-{sha256(f'{self.batch.id}/{name}'.encode()).hexdigest()[:32]}"


@dataclass(frozen=True, slots=True)
class FinalizeBatch:
    batches: BatchWork
    files: FileStore
    contents: Contents
    finish: FinishBatch
    pool: Executor
    clock: Clock

    def __call__(self, batch_id: str) -> Redeliver | None:
        """Write the results of the batch, and end it. Done twice it writes the same twice. Raises Unavailable."""
        redeliver = self._finalize(batch_id)
        # What cannot be removed now is by the bucket's lifecycle rules, as are the parts of workers that died.
        with suppress(Unavailable):
            self._clear(batch_id)

        return redeliver

    def _finalize(self, batch_id: str) -> Redeliver | None:
        batch = self.batches.find(batch_id)
        if batch is None or batch.has_ended:
            return self.finish.for_another(batch_id)
        if not batch.is_worked_off:
            return None
        # What came of an object that was replaced meanwhile gives way to what comes of the other one.
        written = self._written(replace(batch, output="") if is_superseded(batch, self.contents) else batch)
        for name in written.sizes:
            self.files.add(self._file(written, name))
        status = BatchStatus.EXPIRED if written.has_expired else BatchStatus.COMPLETED
        if batch.status is BatchStatus.CANCELLING:
            status = BatchStatus.CANCELLED
        ids = {name: written.file_id(name) for name in written.sizes}

        return self.finish(batch, BatchEnd(status, ids.get(OUTPUT), ids.get(ERRORS)))

    def _clear(self, batch_id: str) -> None:
        """Remove what the results were written from, if the batch has ended: who deletes them wants no copy left."""
        batch = self.batches.find(batch_id)
        if batch and batch.has_ended:
            chunks = self.batches.chunks(batch_id)
            self.contents.remove_all(part_key(chunk, part) for chunk in chunks for part in chunk.parts)
            self.contents.remove(index_key(batch_id))

    def _written(self, batch: Batch) -> ResultFiles:
        with ExitStack() as stack:
            written = ResultFiles(batch, self.contents, stack)
            for results in self._results(batch):
                for result in sorted(results, key=lambda each: each.place):
                    written.write(result)

        return written

    def _results(self, batch: Batch) -> Iterator[list[LineResult]]:
        """What came of the lines of each chunk, chunk by chunk."""
        reading: deque[tuple[int, Future[list[LineResult]]]] = deque()
        ahead = 0
        for chunk in self.batches.chunks(batch.id):
            while reading and (len(reading) == PREFETCHED_CHUNKS or ahead + chunk.size > PREFETCHED_BYTES):
                size, first = reading.popleft()
                ahead -= size
                yield first.result()
            reading.append((chunk.size, self.pool.submit(self._read, chunk)))
            ahead += chunk.size
        while reading:
            yield reading.popleft()[1].result()

    def _read(self, chunk: ChunkState) -> list[LineResult]:
        return [result for part in chunk.parts for result in of_part(self.contents.get(part_key(chunk, part)))]

    def _file(self, written: ResultFiles, name: str) -> StoredFile:
        batch, now = written.batch, self.clock.epoch()
        content = self.contents.find(written.key(name)) if batch.output else None

        return StoredFile(
            id=written.file_id(name),
            owner=batch.owner,
            purpose=Purpose.BATCH_OUTPUT,
            filename=f"{batch.id}_{name}.jsonl",
            size=written.sizes[name],
            object_key=written.key(name),
            created_at=now,
            expires_at=now + batch.results_ttl,
            etag=content.etag if content else "",
        )
