"""For providers whose words tell more of what went wrong than their HTTP status does."""

from __future__ import annotations

from typing import Any

from rerank_gateway.adapters.transports.messages import ProviderResponse
from rerank_gateway.domain.errors import BadReply


def error_object(reply: ProviderResponse) -> dict[str, Any]:
    """The object in *reply*; an empty one where there is none."""
    try:
        said = reply.json()
    except BadReply:
        return {}

    return said if isinstance(said, dict) else {}


def error_status(reply: ProviderResponse, known: int | None) -> int:
    """The status of an error: *known* by its words, else the one that it came with, unless that says all is well."""
    return known or (reply.status if reply.status >= 300 else 500)
