"""What a job that has failed tells of it."""

from __future__ import annotations

from dataclasses import replace

from pydantic_core import to_json

from rerank_gateway.apis import native
from rerank_gateway.apis.shared.http_error import HttpError

MAX_ERROR_BYTES, MAX_MESSAGE_CHARS = 32 * 1024, 1000


def error_body(http_error: HttpError) -> bytes:
    """The error as the sync call renders it, or its core where that is long: a job that waits carries it along."""
    body = to_json(native.render_error(http_error))
    if len(body) <= MAX_ERROR_BYTES:
        return body

    return to_json(
        native.render_error(replace(http_error, message=http_error.message[:MAX_MESSAGE_CHARS], attempts=()))
    )
