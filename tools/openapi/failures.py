"""Which errors a route can have, and the statuses that they become; those come from the code itself."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from rerank_gateway.domain import errors as e
from rerank_gateway.entry.http.errors import to_http_error

WHATEVER: tuple[Exception, ...] = (RuntimeError(),)
CALLER = (
    *WHATEVER,
    e.NotAuthenticated("", reason="virtual_key_required"),
    e.NotAuthenticated("", reason="virtual_key_not_found"),
    e.NotAuthenticated("", reason="virtual_key_blocked"),
    e.Unavailable(""),
)
MODELS = (*CALLER, e.InvalidRequest(""))
MODEL = (*CALLER, e.NotAllowed(""), e.UnknownModel(""), e.TargetMissing(""))
TARGET_HEALTH = (*CALLER, e.InvalidRequest(""), e.NotAllowed(""))
REQUEST = (
    *CALLER,
    e.InvalidRequest(""),
    e.TooLarge(""),
    e.UnsupportedMedia(""),
    e.NotAllowed(""),
    e.UnknownModel(""),
    e.NoTargetLeft(""),
    e.RateLimited("", 1.0, e.RateLimit(1, 0, 1.0)),
    e.BudgetExceeded("key", 1.0, 1.0, 1e9),
)
RANKING = (
    *REQUEST,
    e.TargetRefused(""),
    e.TargetMissing(""),
    e.TargetRequestTooLarge(""),
    e.TargetBusy("", status_code=429),
    e.TargetBusy("", status_code=503),
    e.TargetRejectedKey(""),
    e.TargetRejectedKey("", status_code=402),
    e.TargetFailed(""),
    e.BadReply(""),
    e.TargetTimedOut(""),
    e.DeadlineExceeded(""),
)
SUBMISSION = (*REQUEST, e.IdempotencyConflict(""))
CANCELLATION = (*CALLER, e.UnknownJob(""), e.TooLarge(""))
JOB_LIST = (*CALLER, e.InvalidRequest(""), e.TooLarge(""))
POLL = (*CANCELLATION, e.InvalidRequest(""))
BODY = (e.InvalidRequest(""), e.TooLarge(""), e.UnsupportedMedia(""))
MANAGEMENT = (*CALLER, e.AdminRequired(""))
LISTS = (e.DeadlineExceeded(""), e.TooLarge(""))
NEW_KEY = (*MANAGEMENT, *BODY, e.IdempotencyConflict(""))
KEY_LIST = (*MANAGEMENT, *LISTS, e.InvalidRequest(""))
KEY = (*MANAGEMENT, e.UnknownKey(""))
CHANGED_KEY = (*KEY, *BODY)
NEW_TEAM = (*MANAGEMENT, *BODY, e.InUse(""))
TEAM_LIST = (*MANAGEMENT, *LISTS)
TEAM = (*MANAGEMENT, e.UnknownTeam(""))
CHANGED_TEAM = (*TEAM, *BODY)
REMOVED_TEAM = (*TEAM, e.InUse(""))
WEBHOOK_LIST = (*MANAGEMENT, e.TooLarge(""))
WEBHOOK = (*MANAGEMENT, e.UnknownWebhook(""))
CHANGED_WEBHOOK = (*WEBHOOK, *BODY)
TOLD_WEBHOOK = (*WEBHOOK, e.InUse(""))
REDELIVERY = (*TOLD_WEBHOOK, e.UnknownDelivery(""))
DELIVERY_LIST = (*WEBHOOK, e.InvalidRequest(""), e.TooLarge(""))
REPORT = (*CALLER, e.InvalidRequest(""), e.TooLarge(""))

NEW_FILE = (*CALLER, *BODY)
FILE = (*CALLER, e.UnknownFile(""))
FILE_LIST = (*CALLER, e.InvalidRequest(""), e.TooLarge(""))
COMPLETED_UPLOAD = (*FILE, e.InvalidRequest(""))
NEW_BATCH = (*NEW_FILE, e.IdempotencyConflict(""))
BATCH = (*CALLER, e.UnknownBatch(""))

FROM_THE_ENDPOINT = (413, 429, 500, 503)
"""What API Gateway says on its own: its quotas, its throttling, and a function that broke or took too long."""


def codes(errors: Iterable[Exception], own: Mapping[str, int]) -> dict[int, list[str]]:
    """The names of *errors*, by the status that each becomes in an API with statuses of its *own*."""
    found: dict[int, list[str]] = {}
    for error in errors:
        http_error = to_http_error(error, "", None)
        found.setdefault(own.get(http_error.code, http_error.status), []).append(http_error.code)

    return {status: sorted(names) for status, names in sorted(found.items())}


def statuses_of(api: Any) -> Mapping[str, int]:
    own: Mapping[str, int] = getattr(api, "STATUSES", {})

    return own
