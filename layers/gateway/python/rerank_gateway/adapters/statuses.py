"""For providers whose words tell more of what went wrong than their HTTP status does."""

from __future__ import annotations

from typing import Any

from rerank_gateway.adapters.messages import Reply
from rerank_gateway.domain.errors import BadReply


def told(reply: Reply) -> dict[str, Any]:
    """The object in *reply*; an empty one where there is none."""
    try:
        said = reply.json()
    except BadReply:
        return {}

    return said if isinstance(said, dict) else {}


def of_error(reply: Reply, known: int | None) -> int:
    """The status of an error: *known* by its words, else the one that it came with, unless that says all is well."""
    return known or (reply.status if reply.status >= 300 else 500)
