"""What a provider means by a status that is not 200."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rerank_gateway.adapters.providers.length_refusals import length_refusal
from rerank_gateway.adapters.providers.masking import NO_MASK, Mask
from rerank_gateway.adapters.transports.messages import ProviderResponse
from rerank_gateway.adapters.transports.retry_after import parse_retry_after
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
    498: TargetRefused,  # Cohere: it blocks what the request or the response says
    503: TargetBusy,
    504: TargetTimedOut,
    524: TargetTimedOut,  # Cloudflare: the origin took too long
    529: TargetBusy,  # OpenRouter, Anthropic: overloaded
}
MAX_MESSAGE_CHARS = 300
"""Characters of a provider's own words that a caller gets to see."""
MAX_MASKED_CHARS = 10_000
"""Characters in which addresses and keys are looked for: so many more that none is cut short at the end."""

# Only these are about the caller's request; the rest may quote the gateway's key or the provider's inside.
QUOTED_ERRORS = (TargetRefused, TargetMissing, TargetRequestTooLarge)

MESSAGE_KEYS = ("message", "detail", "error", "errors", "msg", "OriginalMessage")
"""Where error bodies have their message; FastAPI's `msg` is in a list. SageMaker's `Message` names the account."""


def to_target_error(response: ProviderResponse, mask: Mask = NO_MASK) -> TargetError:
    """The error that *response*, whose status is no success, stands for; its own words are behind a *mask*."""
    kind, quoted = ERRORS_BY_STATUS.get(response.status, TargetFailed), _provider_message(response) or ""
    too_long = length_refusal(response.status, quoted)
    if too_long and kind is TargetFailed:
        kind = TargetRefused
    message = f"the provider answered {response.status}"
    if kind in QUOTED_ERRORS and quoted:
        message = f"{message}: {mask(quoted[:MAX_MASKED_CHARS])[:MAX_MESSAGE_CHARS]}"
    retry_after = parse_retry_after(response.headers.get("retry-after", ""))
    error = kind(message, status_code=response.status, retry_after=retry_after)
    error.too_long = too_long

    return error


def _provider_message(response: ProviderResponse) -> str | None:
    """The provider's own error message, from whichever of the usual keys has it."""
    try:
        return _text(response.json())
    except BadReply:
        return None


def _text(value: Any) -> str | None:
    if isinstance(value, str):
        return value
    if isinstance(value, list):
        return _text(value[0]) if value else None
    if not isinstance(value, dict):
        return None

    return next((text for key in MESSAGE_KEYS if (text := _text(value.get(key)))), None)
