"""Files that are too large for a request: their content goes to an address of its own."""

from __future__ import annotations

from dataclasses import dataclass, replace

from rerank_gateway.domain.batches.contents import Contents
from rerank_gateway.domain.batches.files import UPLOAD_ADDRESS_TTL_S, UPLOAD_TTL_S, StoredFile, file_id_of_upload
from rerank_gateway.domain.batches.ports import FileStore
from rerank_gateway.domain.batches.requests import FileRequest
from rerank_gateway.domain.clock import Clock
from rerank_gateway.domain.errors import InvalidRequest, UnknownFile
from rerank_gateway.use_cases.batches.files import awaited_file
from rerank_gateway.use_cases.batches.quota import LimitStorage


@dataclass(frozen=True, slots=True)
class UploadFile:
    files: FileStore
    contents: Contents
    limit_storage: LimitStorage
    clock: Clock

    def begin(self, owner: str, request: FileRequest, size: int) -> tuple[StoredFile, str]:
        """
        The file that awaits *size* bytes, and the address to which they may be PUT. Raises RateLimited or Unavailable.
        """
        # Now: what nobody completes lies there all the same.
        self.limit_storage(owner, size)
        file = awaited_file(owner, request, size, self.clock.epoch())
        self.files.add(file)

        return file, self.contents.upload_address(file.object_key, size, UPLOAD_ADDRESS_TTL_S)

    def complete(self, upload_id: str, owner: str) -> StoredFile:
        """
        The file with the content that was sent: once more when it is asked for twice.

        Raises UnknownFile, InvalidRequest where not all of it is there, or Unavailable.
        """
        file = self._find(upload_id, owner)
        if file.is_uploaded:
            return file
        content = self.contents.find(file.object_key)
        if content is None:
            raise InvalidRequest("nothing was uploaded: PUT the file to upload_url first")
        if content.size != file.size:
            raise InvalidRequest(
                f"{content.size} bytes were uploaded, and not {file.size}, which were announced", param="bytes"
            )
        self.files.add(uploaded := replace(file, is_uploaded=True, etag=content.etag))

        return uploaded

    def cancel(self, upload_id: str, owner: str) -> StoredFile:
        """The file that is gone then. Raises UnknownFile, also where it is complete, or Unavailable."""
        file = self._find(upload_id, owner)
        if file.is_uploaded:
            raise UnknownFile("this upload is complete; its file can be deleted")
        self.contents.remove(file.object_key)
        self.files.remove(file)

        return file

    def _find(self, upload_id: str, owner: str) -> StoredFile:
        file = self.files.find(file_id_of_upload(upload_id))
        if file is None or file.owner != owner or self._is_late(file):
            raise UnknownFile("there is no such upload")

        return file

    def _is_late(self, file: StoredFile) -> bool:
        return not file.is_uploaded and self.clock.epoch() > file.created_at + UPLOAD_TTL_S
