"""What callers are told when their preferences leave nobody to ask."""

from __future__ import annotations

from collections.abc import Sequence

from rerank_gateway.domain.errors import InvalidRequest, NoTargetLeft
from rerank_gateway.domain.request import RerankRequest
from rerank_gateway.domain.target import Target


def nobody_left(request: RerankRequest, name: str, targets: Sequence[Target]) -> InvalidRequest | NoTargetLeft:
    """Why none of the *targets* of *name* may be asked."""
    if request.preferences.is_listing and request.preferences.allowed(targets):
        return NoTargetLeft(no_target("provider.order", name), param="provider.order")

    return InvalidRequest(no_target("provider", name), param="provider")


def no_target(field: str, name: str) -> str:
    return f"{field} leaves no target of {name[:200]!r} to ask"
