"""Errors as HTTP has them: the only place that knows which status an error becomes."""

from __future__ import annotations

from collections.abc import Mapping
from math import ceil

from rerank_gateway.apis.failure import Failure
from rerank_gateway.domain.errors import (
    BadReply,
    Conflict,
    GatewayError,
    InvalidRequest,
    NoAnswer,
    NotAllowed,
    NotAuthenticated,
    OutOfTime,
    TargetBusy,
    TargetFailed,
    TargetMissing,
    TargetRefused,
    TargetRejectedKey,
    TargetTimedOut,
    TargetTooSmall,
    TooLarge,
    Unavailable,
    UnknownJob,
    UnknownModel,
    UnsupportedMedia,
)

STATUS: Mapping[type[GatewayError], int] = {
    InvalidRequest: 400,
    TargetRefused: 400,
    NotAuthenticated: 401,
    NotAllowed: 403,
    UnknownModel: 404,
    TargetMissing: 404,
    UnknownJob: 404,
    Conflict: 409,
    TooLarge: 413,
    TargetTooSmall: 413,
    UnsupportedMedia: 415,
    # The gateway's own key was turned down: nothing that the caller could mend with a 401.
    TargetRejectedKey: 502,
    TargetFailed: 502,
    BadReply: 502,
    Unavailable: 503,
    TargetTimedOut: 504,
    OutOfTime: 504,
}
KIND: Mapping[int, str] = {
    401: "authentication_error",
    403: "permission_error",
    404: "not_found_error",
    409: "conflict_error",
    429: "rate_limit_error",
    500: "server_error",
    502: "provider_error",
    503: "overloaded_error",
    504: "timeout_error",
}
SHORTEST_WAIT = 1
"""Seconds in `Retry-After` when nobody said for how long."""


def failure_of(error: Exception, request_id: str, model: str | None) -> Failure:
    """What to tell the caller, who asked for *model*, about *error*."""
    attempts = error.attempts if isinstance(error, NoAnswer) else ()
    cause = error.spokesman if isinstance(error, NoAnswer) else error
    status = _status(cause)

    return Failure(
        status=status,
        kind=KIND.get(status, "invalid_request_error"),
        code=_code(cause),
        # A bug's own words could quote what the caller sent, or worse.
        message=str(error) if isinstance(error, GatewayError) else "the gateway failed; please report the request id",
        param=cause.param if isinstance(cause, GatewayError) else None,
        request_id=request_id,
        model=model,
        attempts=attempts,
    )


def _status(error: Exception) -> int:
    if isinstance(error, TargetBusy):
        return 429 if error.status_code == TargetBusy.status else 503

    return STATUS.get(type(error), 500) if isinstance(error, GatewayError) else 500


def _code(error: Exception) -> str:
    if isinstance(error, NotAuthenticated):
        return error.reason
    if isinstance(error, TargetBusy) and error.status_code != TargetBusy.status:
        return "provider_overloaded"

    return error.code if isinstance(error, GatewayError) else "internal_error"


def retry_after(error: Exception, status: int) -> dict[str, str]:
    """The header that goes with every 429 and 503."""
    if status not in (429, 503):
        return {}
    spokesman = error.spokesman if isinstance(error, NoAnswer) else error
    asked = spokesman.retry_after if isinstance(spokesman, TargetBusy) else None

    return {"retry-after": str(max(ceil(asked or 0), SHORTEST_WAIT))}
