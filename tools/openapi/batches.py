"""What is said of files, uploads and batches."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal, NotRequired

from pydantic import Field
from typing_extensions import TypedDict

from rerank_gateway.apis.batches import BatchBody
from rerank_gateway.apis.files import UploadBody
from rerank_gateway.domain.batches.batch import BatchStatus
from rerank_gateway.domain.batches.files import MAX_FILE_TTL_S, MIN_FILE_TTL_S
from rerank_gateway.entry.routes.batch_query import DEFAULT_LIMIT, ID, MAX_LIMIT, MAX_PAGE
from tools.openapi import failures, parts
from tools.openapi.answers import Count
from tools.openapi.management import Managed, query

Purpose = Literal["batch", "batch_output"]


class StoredFile(TypedDict):
    """Times are in epoch seconds."""

    id: str
    object: Literal["file"]
    bytes: Count
    created_at: int
    expires_at: int
    filename: str
    purpose: Purpose
    status: Literal["processed"]
    status_details: None


class Files(TypedDict):
    object: Literal["list"]
    data: list[StoredFile]
    first_id: str | None
    last_id: str | None
    has_more: bool


class RemovedFile(TypedDict):
    id: str
    object: Literal["file"]
    deleted: Literal[True]


class Upload(TypedDict):
    """`upload_url` is where the file is to be PUT, and nothing else."""

    id: str
    object: Literal["upload"]
    bytes: Count
    created_at: int
    expires_at: int
    filename: str
    purpose: Purpose
    status: Literal["pending", "completed", "cancelled"]
    file: StoredFile | None
    upload_url: NotRequired[str]
    upload_url_expires_at: NotRequired[int]


class BatchError(TypedDict):
    code: str
    message: str
    line: int | None
    param: str | None


class BatchErrors(TypedDict):
    object: Literal["list"]
    data: list[BatchError]


class RequestCounts(TypedDict):
    total: Count
    completed: Count
    failed: Count


class Batch(TypedDict):
    """
    Times are in epoch seconds; `expires_at` ends the work. `cost` is what providers have asked so far for the lines
    that were answered, in USD, as far as that is known.
    """

    id: str
    object: Literal["batch"]
    endpoint: Literal["/v1/rerank"]
    errors: BatchErrors | None
    input_file_id: str
    completion_window: str
    status: BatchStatus
    output_file_id: str | None
    error_file_id: str | None
    created_at: int
    expires_at: int
    in_progress_at: int | None
    finalizing_at: int | None
    completed_at: int | None
    failed_at: int | None
    expired_at: int | None
    cancelling_at: int | None
    cancelled_at: int | None
    request_counts: RequestCounts
    cost: Annotated[float, Field(ge=0)]
    metadata: dict[str, str] | None
    request_params: NotRequired[dict[str, Any]]


class Batches(TypedDict):
    object: Literal["list"]
    data: list[Batch]
    first_id: str | None
    last_id: str | None
    has_more: bool


_ID = {"name": "id", "in": "path", "required": True, "schema": {"type": "string", "minLength": 1}}
_LIMIT = {"type": "integer", "minimum": 1, "maximum": MAX_LIMIT, "default": DEFAULT_LIMIT}
_LIST = (
    query("limit", f"How many; there are at most {MAX_PAGE} in one answer.", _LIMIT),
    query("after", "The id behind which to go on.", {"type": "string", "pattern": f"^{ID.pattern}$"}),
    query("order", "The newest first, or the oldest.", {"type": "string", "enum": ["asc", "desc"], "default": "desc"}),
)
_PURPOSE = query("purpose", "Only files for this.", {"type": "string", "enum": ["batch", "batch_output"]})
FILES, UPLOADS, BATCHES = "Files", "Uploads", "Batches"
OPERATIONS: Mapping[str, Managed] = {
    "POST /v1/files": Managed("Keep a file", FILES, StoredFile, failures.NEW_FILE),
    "GET /v1/files": Managed("List files", FILES, Files, failures.FILE_LIST, parameters=[*_LIST, _PURPOSE]),
    "GET /v1/files/{id}": Managed("See a file", FILES, StoredFile, failures.FILE, parameters=[_ID]),
    "DELETE /v1/files/{id}": Managed("Remove a file", FILES, RemovedFile, failures.FILE, parameters=[_ID]),
    "GET /v1/files/{id}/content": Managed("Have a file's content", FILES, StoredFile, failures.FILE, parameters=[_ID]),
    "POST /v1/uploads": Managed(
        "Begin an upload", UPLOADS, Upload, failures.NEW_FILE, body=UploadBody, event="upload_create"
    ),
    "POST /v1/uploads/{id}/complete": Managed(
        "Make a file of an upload", UPLOADS, Upload, failures.COMPLETED_UPLOAD, parameters=[_ID]
    ),
    "POST /v1/uploads/{id}/cancel": Managed("Cancel an upload", UPLOADS, Upload, failures.FILE, parameters=[_ID]),
    "POST /v1/batches": Managed(
        "Make a batch",
        BATCHES,
        Batch,
        failures.NEW_BATCH,
        parameters=[parts.IDEMPOTENCY_KEY, parts.WEBHOOK],
        body=BatchBody,
        event="batch_create",
    ),
    "GET /v1/batches": Managed("List batches", BATCHES, Batches, failures.FILE_LIST, parameters=_LIST),
    "GET /v1/batches/{id}": Managed("See a batch", BATCHES, Batch, failures.BATCH, parameters=[_ID]),
    "POST /v1/batches/{id}/cancel": Managed("Cancel a batch", BATCHES, Batch, failures.BATCH, parameters=[_ID]),
}
_BYTES = {"type": "string", "format": "binary"}
_SECONDS = {"type": "integer", "minimum": MIN_FILE_TTL_S, "maximum": MAX_FILE_TTL_S}
_FORM = {
    "type": "object",
    "required": ["purpose", "file"],
    "properties": {
        "purpose": {"type": "string", "enum": ["batch"]},
        "file": _BYTES,
        "expires_after[anchor]": {"type": "string", "enum": ["created_at"]},
        "expires_after[seconds]": _SECONDS,
    },
}
FORMS: Mapping[str, Any] = {
    "POST /v1/files": {"required": True, "content": {"multipart/form-data": {"schema": _FORM}}},
}
"""The bodies that are no JSON."""
CONTENTS: Mapping[str, Any] = {
    "GET /v1/files/{id}/content": {
        "200": {
            "description": "The content of a small file.",
            "headers": parts.headers("x-request-id"),
            "content": {"application/octet-stream": {"schema": _BYTES}},
        },
        "302": {
            "description": "Where the content of a larger one is, for an hour.",
            "headers": parts.headers("x-request-id", "location", "cache-control"),
        },
    },
}
"""The answers that are no JSON."""
BODIES = (UploadBody, BatchBody)
ANSWERS = (StoredFile, Files, RemovedFile, Upload, Batch, Batches)
