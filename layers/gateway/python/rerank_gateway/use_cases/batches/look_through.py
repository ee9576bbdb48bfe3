"""Which lines of a file are requests, and whether enough of them are."""

from __future__ import annotations

from dataclasses import dataclass

from rerank_gateway.domain.batches.batch import Batch, LineError
from rerank_gateway.domain.batches.chunks import FaultyLine
from rerank_gateway.domain.batches.contents import Content, ContentGone, Contents
from rerank_gateway.domain.batches.cutting import TooLongLine, lines_of
from rerank_gateway.domain.batches.ports import FileStore
from rerank_gateway.domain.batches.work import CheckRequest, ReadLine
from rerank_gateway.domain.deadline import Deadline
from rerank_gateway.use_cases.batches.findings import MAX_FAULTY_SHARE, Findings
from rerank_gateway.use_cases.batches.line_work import duplicate


class RefusedFile(Exception):
    """The file is no batch, and *errors* say why."""

    def __init__(self, *errors: LineError) -> None:
        super().__init__()
        self.errors = errors


@dataclass(frozen=True, slots=True)
class LookThrough:
    """*read* and *check* say what is wrong with a line."""

    files: FileStore
    contents: Contents
    read: ReadLine
    check: CheckRequest

    def __call__(self, batch: Batch, deadline: Deadline) -> tuple[Content, Findings]:
        """The file of *batch*, and what was found in it before *deadline*. Raises RefusedFile or Unavailable."""
        content = self._content(batch)
        found = self._findings(batch, content, deadline)
        if not found.total:
            raise refused("empty_file", "the file has no lines")
        if found.is_refused:
            share = f"{found.faulty} of {found.total} lines are no requests, more than {MAX_FAULTY_SHARE:.0%}"
            raise RefusedFile(LineError("too_many_faulty_lines", share), *found.errors)

        return content, found

    def _content(self, batch: Batch) -> Content:
        file = self.files.find(batch.input_file_id)
        content = self.contents.find(file.object_key) if file and file.owner == batch.owner else None
        if file is None or content is None:
            raise refused("file_not_found", "the input file is not there any more")
        if not file.is_content(content.etag):
            raise refused("file_changed", "the input file was replaced by another one of its name")

        return content

    def _findings(self, batch: Batch, content: Content, deadline: Deadline) -> Findings:
        found = Findings()
        try:
            for line in lines_of(self.contents.stream(content)):
                self._look_at(line, batch.params, found)
                if deadline.is_over:
                    raise refused("file_too_long", "the file is too long to be looked through: make several of it")
        except TooLongLine as too_long:
            message = "the line is longer than the 6 MB that a request may have"
            raise RefusedFile(LineError("line_too_long", message, too_long.number)) from too_long
        except ContentGone as gone:
            raise refused("file_changed", "the input file was changed while it was looked through") from gone
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


def refused(code: str, message: str) -> RefusedFile:
    """What is wrong with the file as a whole."""
    return RefusedFile(LineError(code, message))
