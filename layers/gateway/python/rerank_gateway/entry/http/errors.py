"""Errors as HTTP has them: the only place that knows which status an error becomes."""

from __future__ import annotations

from collections.abc import Mapping
from math import ceil

from rerank_gateway.apis.shared.http_error import HttpError
from rerank_gateway.domain.attempt import AllTargetsFailed
from rerank_gateway.domain.errors import (
    AdminRequired,
    BadReply,
    BudgetExceeded,
    DeadlineExceeded,
    FaultyKey,
    GatewayError,
    IdempotencyConflict,
    InUse,
    InvalidRequest,
    Misconfigured,
    NotAllowed,
    NoTargetLeft,
    NotAuthenticated,
    RateLimited,
    TargetBusy,
    TargetCrashed,
    TargetFailed,
    TargetMissing,
    TargetNotConfigured,
    TargetRefused,
    TargetRejectedKey,
    TargetRequestTooLarge,
    TargetTimedOut,
    TooLarge,
    Unavailable,
    UnknownAddress,
    UnknownJob,
    UnknownKey,
    UnknownModel,
    UnknownTeam,
    UnknownWebhook,
    UnsupportedMedia,
    WrongMethod,
)
from rerank_gateway.entry.http.limits import budget_metadata

STATUS_BY_ERROR: Mapping[type[GatewayError], int] = {
    InvalidRequest: 400,
    TargetRefused: 400,
    NotAuthenticated: 401,
    FaultyKey: 401,
    BudgetExceeded: 402,
    NotAllowed: 403,
    AdminRequired: 403,
    UnknownModel: 404,
    NoTargetLeft: 404,
    TargetMissing: 404,
    TargetNotConfigured: 404,
    UnknownJob: 404,
    UnknownAddress: 404,
    WrongMethod: 405,
    UnknownKey: 404,
    UnknownTeam: 404,
    UnknownWebhook: 404,
    IdempotencyConflict: 409,
    InUse: 409,
    TooLarge: 413,
    TargetRequestTooLarge: 413,
    UnsupportedMedia: 415,
    RateLimited: 429,
    # The gateway's own key was turned down: nothing that the caller could mend with a 401.
    TargetRejectedKey: 502,
    TargetFailed: 502,
    TargetCrashed: 502,
    BadReply: 502,
    Unavailable: 503,
    Misconfigured: 503,
    TargetTimedOut: 504,
    DeadlineExceeded: 504,
}
TYPE_BY_STATUS: Mapping[int, str] = {
    401: "authentication_error",
    402: "payment_required_error",
    403: "permission_error",
    404: "not_found_error",
    409: "conflict_error",
    429: "rate_limit_error",
    500: "server_error",
    502: "provider_error",
    503: "overloaded_error",
    504: "timeout_error",
}
OUT_OF_CREDITS_STATUS = 402
"""What a provider answers when the account of the gateway's key is empty."""
MIN_RETRY_AFTER_S = 1
"""Seconds in `Retry-After` when the provider has not said for how long."""


def to_http_error(error: Exception, request_id: str, model: str | None) -> HttpError:
    """*error* as the response to a request that names *model*."""
    failed = error if isinstance(error, AllTargetsFailed) else None
    cause = failed.primary_error if failed else error
    status = _status(cause)

    return HttpError(
        status=status,
        kind=TYPE_BY_STATUS.get(status, "invalid_request_error"),
        code=_code(cause),
        # A bug's own words could quote what the caller sent, or worse.
        message=str(error) if isinstance(error, GatewayError) else "the gateway failed; please report the request id",
        param=cause.param if isinstance(cause, GatewayError) else None,
        request_id=request_id,
        model=model,
        provider=failed.primary_target.provider if failed else None,
        target=failed.primary_target if failed else None,
        attempts=failed.attempts if failed else (),
        metadata=budget_metadata(cause),
    )


def _status(error: Exception) -> int:
    if isinstance(error, TargetBusy):
        return 429 if error.status_code == TargetBusy.status else 503

    # Adapters have kinds of their own of what the tree of errors has.
    return next((STATUS_BY_ERROR[kind] for kind in type(error).__mro__ if kind in STATUS_BY_ERROR), 500)


def _code(error: Exception) -> str:
    if isinstance(error, NotAuthenticated):
        return error.reason
    if isinstance(error, TargetBusy) and error.status_code != TargetBusy.status:
        return "provider_overloaded"
    if isinstance(error, TargetRejectedKey) and error.status_code == OUT_OF_CREDITS_STATUS:
        return "provider_out_of_credits"

    return error.code if isinstance(error, GatewayError) else "internal_error"


def error_headers(error: Exception, status: int) -> dict[str, str]:
    """The headers that go with an error: when to come again, with every 429 and 503, and which methods there are."""
    if isinstance(error, WrongMethod):
        return {"allow": ", ".join(error.allowed)}
    if status not in (429, 503):
        return {}
    primary_error = error.primary_error if isinstance(error, AllTargetsFailed) else error
    seconds = primary_error.retry_after if isinstance(primary_error, TargetBusy | RateLimited) else None

    return {"retry-after": str(max(ceil(seconds or 0), MIN_RETRY_AFTER_S))}
