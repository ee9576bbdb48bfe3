"""For providers whose bodies say more about an error than their HTTP status does."""

from __future__ import annotations

from typing import Any

from rerank_gateway.adapters.transports.messages import ProviderResponse
from rerank_gateway.domain.errors import BadReply


def error_object(response: ProviderResponse) -> dict[str, Any]:
    """The JSON object in *response*; an empty one where there is none."""
    try:
        body = response.json()
    except BadReply:
        return {}

    return body if isinstance(body, dict) else {}


def error_status(response: ProviderResponse, known: int | None) -> int:
    """The status of an error: *known* by its code, else the one that it came with, unless that says all is well."""
    return known or (response.status if response.status >= 300 else 500)
