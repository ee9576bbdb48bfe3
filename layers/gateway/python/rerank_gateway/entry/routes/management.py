"""What the routes that manage keys, teams and webhooks have in common."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rerank_gateway.entry.http.request import HttpRequest
from rerank_gateway.entry.observability import log_change

if TYPE_CHECKING:
    from collections.abc import Mapping

NEVER_STORED = {"cache-control": "no-store"}
"""For answers with a secret in them."""


def log_change_by(request: HttpRequest, event: str, fields: Mapping[str, Any]) -> None:
    """Who changed what, by which *request*. No secret may be among the *fields*, nor its hash."""
    log_change(event, {"request_id": request.request_id, "by": request.log.fields["key"], **fields})
