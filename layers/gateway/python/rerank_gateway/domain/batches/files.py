"""Files of requests and of results."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from uuid import uuid4

DEFAULT_FILE_TTL_S = 30 * 86_400
"""Seconds that an input file is kept, unless its caller says less; the bucket's lifecycle rule deletes it then."""
MIN_FILE_TTL_S, MAX_FILE_TTL_S = 3600, 30 * 86_400
"""What a caller may say; the bounds are OpenAI's of `expires_after`."""
MAX_FILE_BYTES = 5 * 1024**3
"""What one PUT to S3 takes."""
UPLOAD_TTL_S = 86_400
"""Seconds for which an upload is waited for."""
UPLOAD_ADDRESS_TTL_S = 3600
"""Seconds after which no upload begins any more at its address; one that has begun goes on."""
FILE_PREFIX, UPLOAD_PREFIX = "file-", "upload_"


class Purpose(StrEnum):
    """OpenAI's words for what a file is for."""

    BATCH = "batch"
    BATCH_OUTPUT = "batch_output"


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredFile:
    """
    A file of its *owner*'s, *size* bytes under *object_key*. Times are in epoch seconds. *is_uploaded* is False as long
    as its content is awaited at a presigned address; *etag* is S3's name for the content that it had then.
    """

    id: str
    owner: str
    purpose: Purpose
    filename: str
    size: int
    object_key: str
    created_at: float
    expires_at: float
    is_uploaded: bool = True
    etag: str = ""

    def is_content(self, etag: str) -> bool:
        """Whether the content that S3 calls *etag* is this file's, and nothing that was put in its place."""
        # What came by a form lies where nobody else writes.
        return self.etag in ("", etag)


def new_file_id() -> str:
    return f"{FILE_PREFIX}{uuid4().hex}"


def object_key_of(file_id: str) -> str:
    """Where the content of a file lies in the bucket."""
    return f"batches/files/{file_id}"


def upload_id_of(file_id: str) -> str:
    """What the upload of a file is called."""
    return UPLOAD_PREFIX + file_id.removeprefix(FILE_PREFIX)


def file_id_of_upload(upload_id: str) -> str:
    """The file that an upload is for."""
    return FILE_PREFIX + upload_id.removeprefix(UPLOAD_PREFIX)
