"""Who makes a request."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rerank_gateway.domain.keys import VirtualKey
from rerank_gateway.entry.http.request import HttpRequest

if TYPE_CHECKING:
    from rerank_gateway.entry.services import Authentication


def authenticated_key(services: Authentication, request: HttpRequest) -> VirtualKey:
    """The key that *request* came with, noted for the log. Raises NotAuthenticated, or Unavailable."""
    key = services.authenticate(request.token())
    request.log.fields["key"] = key.id
    if key.team:
        request.log.fields["team"] = key.team

    return key
