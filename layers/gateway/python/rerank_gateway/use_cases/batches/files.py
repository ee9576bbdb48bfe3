"""Keep, see and remove files."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from rerank_gateway.domain.batches.contents import ContentGone, Contents
from rerank_gateway.domain.batches.files import Purpose, StoredFile, new_file_id, object_key_of
from rerank_gateway.domain.batches.ports import FileStore, Part
from rerank_gateway.domain.batches.requests import FileRequest
from rerank_gateway.domain.clock import Clock
from rerank_gateway.domain.errors import UnknownFile
from rerank_gateway.use_cases.batches.quota import LimitStorage

LOOKED_AT = 100
"""Files at a time, where those that come first are left out of a list."""


@dataclass(frozen=True, slots=True)
class StoreFile:
    files: FileStore
    contents: Contents
    limit_storage: LimitStorage
    clock: Clock

    def __call__(self, owner: str, request: FileRequest, content: bytes) -> StoredFile:
        """A file of *owner*'s with *content*. Raises RateLimited or Unavailable."""
        self.limit_storage(owner, len(content))
        file = awaited_file(owner, request, len(content), self.clock.epoch())
        # First: what nobody knows of is deleted by the bucket's lifecycle rule, but a file has what it says.
        self.contents.put(file.object_key, content)
        self.files.add(stored := replace(file, is_uploaded=True))

        return stored


@dataclass(frozen=True, slots=True)
class ReadFiles:
    files: FileStore

    def one(self, file_id: str, owner: str) -> StoredFile:
        """
        Raises UnknownFile for one that never was, whose content is still awaited, that has expired, or that is
        somebody else's: all alike.
        """
        file = self.files.find(file_id)
        if file is None or file.owner != owner or not file.is_uploaded:
            raise UnknownFile("there is no such file")

        return file

    def page(self, owner: str, part: Part, purpose: Purpose | None) -> tuple[Sequence[StoredFile], bool]:
        """
        As many as *part* wants of *owner*'s files for *purpose*, or for any, and whether there may be more. Raises
        InvalidRequest behind none of them.
        """
        found: list[StoredFile] = []
        wanted, more = part.limit, True
        while more and len(found) < wanted:
            files, more = self.files.of_owner(owner, part)
            found += [file for file in files if file.is_uploaded and purpose in (None, file.purpose)]
            if not files:
                break
            # However few are wanted: of thousands that are left out, nobody waits for one at a time.
            part = replace(part, after=files[-1].id, limit=max(wanted, LOOKED_AT))

        # A file behind the last of them comes first the next time.
        return found[:wanted], more or len(found) > wanted


@dataclass(frozen=True, slots=True)
class RemoveFile:
    files: FileStore
    contents: Contents
    read: ReadFiles

    def __call__(self, file_id: str, owner: str) -> StoredFile:
        """The file that is gone then. Raises UnknownFile or Unavailable."""
        file = self.read.one(file_id, owner)
        if self._is_its_own(file):
            self.contents.remove(file.object_key)
        self.files.remove(file)

        return file

    def _is_its_own(self, file: StoredFile) -> bool:
        """Whether what lies there is this file's content: an object of the caller's may have been replaced since."""
        if file.object_key == object_key_of(file.id):
            return True
        content = self.contents.find(file.object_key)

        return content is not None and content.etag == file.etag


@dataclass(frozen=True, slots=True)
class ReadContent:
    contents: Contents

    def __call__(self, file: StoredFile, most: int) -> bytes | None:
        """All of *file*, None if that is more than *most* bytes. Raises UnknownFile when it is gone, or Unavailable."""
        content = self.contents.find(file.object_key)
        if content is None or not file.is_content(content.etag):
            raise UnknownFile("the content of this file is gone")
        if content.size > most:
            return None
        try:
            return self.contents.read(content, 0, content.size)
        except ContentGone:
            raise UnknownFile("the content of this file is gone") from None

    def address(self, file: StoredFile, seconds: int) -> str:
        """Where anybody may read it for so many *seconds*. Raises Unavailable."""
        return self.contents.download_address(file.object_key, file.filename, seconds)


def awaited_file(owner: str, request: FileRequest, size: int, now: float) -> StoredFile:
    """The file that *request* asks for, until its *size* bytes are there."""
    file_id = new_file_id()

    return StoredFile(
        id=file_id,
        owner=owner,
        purpose=Purpose.BATCH,
        filename=request.filename,
        size=size,
        object_key=object_key_of(file_id),
        created_at=now,
        expires_at=now + request.ttl,
        is_uploaded=False,
    )
