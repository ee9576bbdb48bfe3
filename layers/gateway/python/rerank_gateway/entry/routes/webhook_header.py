"""The header by which a job or a batch names its webhook."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rerank_gateway.domain.keys import VirtualKey
from rerank_gateway.entry.http.request import HttpRequest

if TYPE_CHECKING:
    from collections.abc import Callable

WEBHOOK_HEADER = "x-bf-async-webhook"
"""Bifrost's."""


def webhook_of(request: HttpRequest, key: VirtualKey, require: Callable[[str, str], None]) -> str:
    """
    Whom the end is told: the webhook that is named, or the *key*'s own, which may be gone by now; "" is none. *require*
    raises InvalidRequest where the one that is named will not hear of it.
    """
    named = request.headers.get(WEBHOOK_HEADER)
    if named is None:
        return key.webhook
    require(named, WEBHOOK_HEADER)

    return named
