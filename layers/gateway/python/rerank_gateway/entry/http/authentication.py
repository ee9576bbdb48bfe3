"""Who makes a call."""

from __future__ import annotations

from rerank_gateway.domain.keys import VirtualKey
from rerank_gateway.entry.http.call import Call
from rerank_gateway.entry.wiring.container import wiring


def authenticated_key(call: Call) -> VirtualKey:
    """The key that *call* came with, noted for the log. Raises NotAuthenticated, or Unavailable."""
    key = wiring().authenticate(call.token())
    call.notes["key"] = key.id

    return key
