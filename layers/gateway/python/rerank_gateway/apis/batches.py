"""OpenAI's API for batches, `/v1/batches`, with Voyage's `request_params`."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError, to_json

from rerank_gateway.apis.shared.managed_fields import ManagedBody, parse_known
from rerank_gateway.apis.shared.openai_error import render_error
from rerank_gateway.apis.shared.openai_list import render_list
from rerank_gateway.apis.shared.request_fields import AS_INT, Name
from rerank_gateway.domain.batches.batch import (
    DEFAULT_RESULTS_TTL_S,
    ENDPOINT,
    MAX_RESULTS_TTL_S,
    MIN_RESULTS_TTL_S,
    Batch,
    BatchStatus,
    LineError,
)
from rerank_gateway.domain.batches.requests import BatchRequest
from rerank_gateway.domain.spending.limits import to_usd

__all__ = ["parse_batch", "render_batch", "render_batches", "render_error"]

HOUR_S = 3600
WINDOW = re.compile("([1-9]|1[0-9]|2[0-4])h")
MAX_METADATA, MAX_METADATA_NAME_CHARS, MAX_METADATA_CHARS = 16, 64, 512
"""OpenAI's."""
MAX_PARAMS_BYTES = 16 * 1024
"""They stand in the batch's item."""
MOMENTS = tuple(status for status in BatchStatus if status is not BatchStatus.VALIDATING)


def _metadata(value: dict[str, str]) -> dict[str, str]:
    if len(value) > MAX_METADATA or any(
        len(name) > MAX_METADATA_NAME_CHARS or len(text) > MAX_METADATA_CHARS for name, text in value.items()
    ):
        raise PydanticCustomError("metadata", "must have at most 16 names of at most 64 characters, with 512 each")

    return value


def _params(value: dict[str, Any]) -> dict[str, Any]:
    if len(to_json(value)) > MAX_PARAMS_BYTES:
        raise PydanticCustomError("params", "must have at most 16 KB")

    return value


def _window(value: str) -> str:
    if not WINDOW.fullmatch(value):
        raise PydanticCustomError("window", "must be whole hours from 1h to 24h, such as 24h")

    return value


Window = Annotated[str, AfterValidator(_window), Field(json_schema_extra={"pattern": f"^{WINDOW.pattern}$"})]


class OutputExpiresAfter(ManagedBody):
    anchor: Literal["created_at"]
    seconds: Annotated[int, Field(ge=MIN_RESULTS_TTL_S, le=MAX_RESULTS_TTL_S), AS_INT]


class BatchBody(ManagedBody):
    """*completion_window* is whole hours, a day at most."""

    input_file_id: Name
    endpoint: Literal["/v1/rerank"]
    completion_window: Window
    metadata: Annotated[dict[str, str], AfterValidator(_metadata)] | None = None
    request_params: Annotated[dict[str, Any], AfterValidator(_params)] | None = None
    output_expires_after: OutputExpiresAfter | None = None


def parse_batch(body: bytes) -> BatchRequest:
    """Raises InvalidRequest or TooLarge."""
    fields = parse_known(BatchBody, body)
    kept = fields.output_expires_after

    return BatchRequest(
        input_file_id=fields.input_file_id,
        window=int(fields.completion_window.removesuffix("h")) * HOUR_S,
        results_ttl=kept.seconds if kept else DEFAULT_RESULTS_TTL_S,
        params=to_json(fields.request_params) if fields.request_params else b"",
        metadata=fields.metadata or {},
    )


def render_batch(batch: Batch) -> dict[str, Any]:
    counts = batch.counts

    return {
        "id": batch.id,
        "object": "batch",
        "endpoint": ENDPOINT,
        "errors": _errors(batch.errors),
        "input_file_id": batch.input_file_id,
        "completion_window": f"{round((batch.deadline - batch.created_at) / HOUR_S)}h",
        "status": batch.status,
        "output_file_id": batch.output_file_id,
        "error_file_id": batch.error_file_id,
        "created_at": int(batch.created_at),
        "expires_at": int(batch.deadline),
        **{f"{status}_at": _seconds(batch.moments.get(status)) for status in MOMENTS},
        "request_counts": {"total": counts.total, "completed": counts.completed, "failed": counts.failed},
        "cost": to_usd(batch.cost),
        "metadata": dict(batch.metadata) or None,
        **({"request_params": json.loads(batch.params)} if batch.params else {}),
    }


def render_batches(batches: Sequence[Batch], more: bool) -> dict[str, Any]:
    return render_list([render_batch(batch) for batch in batches], more)


def _errors(errors: Sequence[LineError]) -> dict[str, Any] | None:
    rows = [{"code": each.code, "line": each.line, "message": each.message, "param": each.param} for each in errors]

    return {"object": "list", "data": rows} if rows else None


def _seconds(moment: float | None) -> int | None:
    return None if moment is None else int(moment)
