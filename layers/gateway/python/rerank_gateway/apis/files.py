"""OpenAI's API for files, `/v1/files`, and for uploads, `/v1/uploads`, whose content here goes to one address."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import ceil
from typing import Annotated, Any, Literal

from pydantic import Field

from rerank_gateway.apis.shared.managed_fields import ManagedBody, parse_known
from rerank_gateway.apis.shared.openai_error import render_error
from rerank_gateway.apis.shared.openai_list import render_list
from rerank_gateway.apis.shared.request_fields import AS_INT, Name
from rerank_gateway.domain.batches.files import (
    DEFAULT_FILE_TTL_S,
    MAX_FILE_BYTES,
    MAX_FILE_TTL_S,
    MIN_FILE_TTL_S,
    UPLOAD_ADDRESS_TTL_S,
    UPLOAD_TTL_S,
    StoredFile,
    upload_id_of,
)
from rerank_gateway.domain.batches.requests import FileRequest
from rerank_gateway.domain.errors import InvalidRequest
from rerank_gateway.domain.jobs.result_ttl import parse_seconds

__all__ = [
    "parse_fields",
    "parse_upload",
    "render_deletion",
    "render_error",
    "render_file",
    "render_files",
    "render_upload",
]

PURPOSE = "batch"
MAX_FILENAME_CHARS = 500
ANCHOR, SECONDS = "expires_after[anchor]", "expires_after[seconds]"


class ExpiresAfter(ManagedBody):
    anchor: Literal["created_at"]
    seconds: Annotated[int, Field(ge=MIN_FILE_TTL_S, le=MAX_FILE_TTL_S), AS_INT]


class UploadBody(ManagedBody):
    filename: Name
    purpose: Literal["batch"]
    bytes: Annotated[int, Field(ge=1, le=MAX_FILE_BYTES), AS_INT]
    mime_type: Name | None = None
    expires_after: ExpiresAfter | None = None


def parse_fields(fields: Mapping[str, str], filename: str) -> FileRequest:
    """What the *fields* of a form say of the file in it. Raises InvalidRequest."""
    if fields.get("purpose") != PURPOSE:
        raise InvalidRequest(f"purpose must be {PURPOSE}", param="purpose")
    if fields.get(ANCHOR, "created_at") != "created_at":
        raise InvalidRequest(f"{ANCHOR} must be created_at", param=ANCHOR)

    return FileRequest(filename=filename[:MAX_FILENAME_CHARS] or "file", ttl=_seconds(fields.get(SECONDS)))


def _seconds(said: str | None) -> int:
    return DEFAULT_FILE_TTL_S if said is None else parse_seconds(said, SECONDS, MIN_FILE_TTL_S, MAX_FILE_TTL_S)


def parse_upload(body: bytes) -> tuple[FileRequest, int]:
    """The file that is to be uploaded, and its bytes. Raises InvalidRequest or TooLarge."""
    fields = parse_known(UploadBody, body)
    ttl = fields.expires_after.seconds if fields.expires_after else DEFAULT_FILE_TTL_S

    return FileRequest(filename=fields.filename, ttl=ttl), fields.bytes


def render_file(file: StoredFile) -> dict[str, Any]:
    return {
        "id": file.id,
        "object": "file",
        "bytes": file.size,
        "created_at": int(file.created_at),
        "expires_at": ceil(file.expires_at),
        "filename": file.filename,
        "purpose": file.purpose,
        "status": "processed" if file.is_uploaded else "uploaded",
        "status_details": None,
    }


def render_files(files: Sequence[StoredFile], more: bool) -> dict[str, Any]:
    return render_list([render_file(file) for file in files], more)


def render_deletion(file: StoredFile) -> dict[str, Any]:
    return {"id": file.id, "object": "file", "deleted": True}


def render_upload(file: StoredFile, status: str, address: str | None = None) -> dict[str, Any]:
    """*address* is where the content is to be PUT, while it is awaited."""
    said = {"upload_url": address, "upload_url_expires_at": int(file.created_at) + UPLOAD_ADDRESS_TTL_S}

    return {
        "id": upload_id_of(file.id),
        "object": "upload",
        "bytes": file.size,
        "created_at": int(file.created_at),
        "expires_at": int(file.created_at) + UPLOAD_TTL_S,
        "filename": file.filename,
        "purpose": file.purpose,
        "status": status,
        "file": render_file(file) if file.is_uploaded else None,
        **(said if address else {}),
    }
