"""What a provider means by a status that is not 200."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from rerank_gateway.adapters.transports.messages import ProviderResponse
from rerank_gateway.domain.errors import (
    BadReply,
    TargetBusy,
    TargetError,
    TargetFailed,
    TargetMissing,
    TargetRefused,
    TargetRejectedKey,
    TargetRequestTooLarge,
    TargetTimedOut,
)

ERRORS_BY_STATUS: Mapping[int, type[TargetError]] = {
    400: TargetRefused,
    401: TargetRejectedKey,
    402: TargetRejectedKey,
    403: TargetRejectedKey,
    404: TargetMissing,
    408: TargetTimedOut,
    413: TargetRequestTooLarge,
    422: TargetRefused,
    429: TargetBusy,
    503: TargetBusy,
    504: TargetTimedOut,
    524: TargetTimedOut,  # Cloudflare: the origin took too long
    529: TargetBusy,  # OpenRouter, Anthropic: overloaded
}
MAX_RETRY_AFTER_S = 86_400.0
"""Seconds; who wants us to wait for longer than a day, or for ever, has made a mistake."""
MAX_MESSAGE_CHARS = 300
"""Characters of a provider's own words that a caller gets to see."""

# Only these speak of the caller's question; the rest may quote the gateway's key or the provider's inside.
QUOTED_ERRORS = (TargetRefused, TargetMissing, TargetRequestTooLarge)

MESSAGE_KEYS = ("message", "detail", "error", "errors", "msg", "OriginalMessage")
"""Where providers say what went wrong; FastAPI's `msg` stands in a list. SageMaker's `Message` names the account."""


def to_target_error(reply: ProviderResponse) -> TargetError:
    """The error that *reply*, whose status is no success, stands for."""
    kind = ERRORS_BY_STATUS.get(reply.status, TargetFailed)
    message = f"the provider answered {reply.status}"
    if kind in QUOTED_ERRORS and (said := _provider_message(reply)):
        message = f"{message}: {said[:MAX_MESSAGE_CHARS]}"

    return kind(message, status_code=reply.status, retry_after=_retry_after(reply.headers))


def _provider_message(reply: ProviderResponse) -> str | None:
    """What the provider says went wrong, in whichever of the usual places it stands."""
    try:
        said = reply.json()
    except BadReply:
        return None

    return _text(said)


def _text(said: Any) -> str | None:
    if isinstance(said, str):
        return said
    if isinstance(said, list):
        return _text(said[0]) if said else None
    if not isinstance(said, dict):
        return None

    return next((text for key in MESSAGE_KEYS if (text := _text(said.get(key)))), None)


def _retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds to wait by the header `Retry-After`, which holds seconds or a date (RFC 9110, 10.2.3)."""
    value = headers.get("retry-after", "").strip()
    if not value:
        return None
    if value.isascii() and value.replace(".", "", 1).isdigit():
        return min(float(value), MAX_RETRY_AFTER_S)
    # Dates are rare here, and reading them takes a part of Python that loads slowly.
    from email.utils import parsedate_to_datetime

    try:
        when = parsedate_to_datetime(value)
    except ValueError:
        return None

    return min(max((_aware(when) - datetime.now(UTC)).total_seconds(), 0.0), MAX_RETRY_AFTER_S)


def _aware(when: datetime) -> datetime:
    return when if when.tzinfo else when.replace(tzinfo=UTC)
