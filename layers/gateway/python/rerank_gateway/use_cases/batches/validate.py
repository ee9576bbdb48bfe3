"""Look through the file of a batch before anything of it is paid for, and cut it into chunks."""

from __future__ import annotations

from dataclasses import dataclass

from rerank_gateway.domain.batches.batch import Batch, BatchStatus, LineError
from rerank_gateway.domain.batches.chunks import FaultyLine, index_key
from rerank_gateway.domain.batches.contents import Content, ContentGone, Contents
from rerank_gateway.domain.batches.cutting import TooLongLine, lines_of
from rerank_gateway.domain.batches.ports import BatchQueue, FileStore, Step
from rerank_gateway.domain.batches.work import BatchEnd, BatchWork, CheckRequest, Plan, ReadLine
from rerank_gateway.domain.clock import Clock
from rerank_gateway.domain.deadline import Deadline
from rerank_gateway.use_cases.batches.findings import MAX_FAULTY_SHARE, Findings
from rerank_gateway.use_cases.batches.finish import FinishBatch
from rerank_gateway.use_cases.batches.line_work import duplicate
from rerank_gateway.use_cases.jobs.redeliver import Redeliver

MAX_VALIDATIONS = 10
"""How often a file is looked through by workers who die of it."""


class RefusedFile(Exception):
    """The file is no batch, and *errors* say why."""

    def __init__(self, *errors: LineError) -> None:
        super().__init__()
        self.errors = errors


@dataclass(frozen=True, slots=True)
class ValidateBatch:
    """*read* and *check* say what is wrong with a line."""

    batches: BatchWork
    files: FileStore
    contents: Contents
    queue: BatchQueue
    read: ReadLine
    check: CheckRequest
    finish: FinishBatch
    clock: Clock

    def __call__(self, batch_id: str, deadline: Deadline, receive_count: int) -> Redeliver | None:
        """Have the batch be worked on, or end, before *deadline*. Raises Unavailable."""
        batch = self.batches.find(batch_id)
        if batch is None or batch.has_ended:
            return self.finish.for_another(batch_id)
        if batch.status is BatchStatus.VALIDATING:
            try:
                self._look_through(batch, deadline, receive_count)
            except RefusedFile as refused:
                return self.finish(batch, BatchEnd(BatchStatus.FAILED, errors=refused.errors))
        started = self.batches.find(batch_id) or batch
        if started.chunks:
            # Also when whoever looked it through came no further: a chunk whose message comes twice is done once.
            self.queue.send(batch_id, Step.CHUNK, range(started.chunks))

        return None if started.chunks else self._end_without_lines(started)

    def _end_without_lines(self, batch: Batch) -> Redeliver | None:
        if batch.status is BatchStatus.CANCELLING:
            return self.finish(batch, BatchEnd(BatchStatus.CANCELLED))

        return None

    def abandon(self, batch_id: str) -> Redeliver | None:
        """End a batch whose file nobody could look through. Raises Unavailable."""
        batch = self.batches.find(batch_id)
        if batch is None or batch.status is not BatchStatus.VALIDATING:
            return self.finish.for_another(batch_id)

        return self.finish(batch, BatchEnd(BatchStatus.FAILED, errors=_undoable().errors))

    def _look_through(self, batch: Batch, deadline: Deadline, receive_count: int) -> None:
        if receive_count > MAX_VALIDATIONS:
            raise _undoable()
        content = self._content(batch)
        found = self._findings(batch, content, deadline)
        if not found.total:
            raise _refused("empty_file", "the file has no lines")
        if found.is_refused:
            share = f"{found.faulty} of {found.total} lines are no requests, more than {MAX_FAULTY_SHARE:.0%}"
            raise RefusedFile(LineError("too_many_faulty_lines", share), *found.errors)
        self.contents.put(index_key(batch.id), bytes(found.cutter.index))
        plan = Plan(content, found.total, found.cutter.chunks, tuple(found.errors))
        self.batches.start(batch, plan, self.clock.epoch())

    def _content(self, batch: Batch) -> Content:
        file = self.files.find(batch.input_file_id)
        content = self.contents.find(file.object_key) if file and file.owner == batch.owner else None
        if content is None:
            raise _refused("file_not_found", "the input file is not there any more")

        return content

    def _findings(self, batch: Batch, content: Content, deadline: Deadline) -> Findings:
        found = Findings()
        try:
            for line in lines_of(self.contents.stream(content)):
                self._look_at(line, batch.params, found)
                if deadline.is_over:
                    raise _refused("file_too_long", "the file is too long to be looked through: make several of it")
        except TooLongLine as too_long:
            message = "the line is longer than the 6 MB that a request may have"
            raise RefusedFile(LineError("line_too_long", message, too_long.number)) from too_long
        except ContentGone as gone:
            raise _refused("file_changed", "the input file was changed while it was looked through") from gone
        found.cutter.cut()

        return found

    def _look_at(self, line: bytes, params: bytes, found: Findings) -> None:
        if not line.strip():
            found.cutter.skip(line)
            return
        found.total += 1
        is_duplicate = False
        try:
            request = self.read(line, params)
            is_duplicate = found.names.add(request.custom_id)
            if is_duplicate:
                raise duplicate(request.custom_id)
            self.check(request)
        except FaultyLine as wrong:
            found.note(wrong)
        found.cutter.add(line, is_duplicate=is_duplicate)


def _refused(code: str, message: str) -> RefusedFile:
    return RefusedFile(LineError(code, message))


def _undoable() -> RefusedFile:
    return _refused("file_undoable", "no worker could look through the file, however often it was tried")
