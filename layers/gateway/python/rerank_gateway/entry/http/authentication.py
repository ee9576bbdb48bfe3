"""Who makes a request."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rerank_gateway.domain.keys import DirectKey, VirtualKey
from rerank_gateway.entry.http.request import VIRTUAL_KEY_HEADER, HttpRequest

if TYPE_CHECKING:
    from rerank_gateway.entry.services import Authentication


def authenticated_key(services: Authentication, request: HttpRequest) -> VirtualKey:
    """The key that *request* came with, noted for the log. Raises NotAuthenticated, or Unavailable."""
    return _noted(request, services.authenticate(request.token()))


def ranking_key(services: Authentication, request: HttpRequest) -> VirtualKey:
    """The same for what has something ranked, where it may be a provider's own key, a DirectKey."""
    if request.headers.get(VIRTUAL_KEY_HEADER):
        return authenticated_key(services, request)
    key = _noted(request, services.authenticate.or_direct(request.token()))
    # What comes of a stranger's key at a provider says nothing of the operator's.
    request.log.counts_attempts = not isinstance(key, DirectKey)

    return key


def _noted(request: HttpRequest, key: VirtualKey) -> VirtualKey:
    request.log.fields["key"] = key.id
    if key.team:
        request.log.fields["team"] = key.team

    return key
