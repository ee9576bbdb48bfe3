"""Who makes a request."""

from __future__ import annotations

from collections.abc import Callable
from math import inf
from typing import TYPE_CHECKING, TypeVar

from rerank_gateway.domain.keys import DirectKey, VirtualKey
from rerank_gateway.entry.http.request import VIRTUAL_KEY_HEADER, HttpRequest
from rerank_gateway.use_cases.spending.within_limits import within_limits

if TYPE_CHECKING:
    from rerank_gateway.entry.services import Authentication

T = TypeVar("T")


def authenticated_key(services: Authentication, request: HttpRequest, max_age: float = inf) -> VirtualKey:
    """
    The key that *request* came with, as it was *max_age* seconds ago at most, noted for the log. Raises
    NotAuthenticated, or Unavailable.
    """
    return _noted(request, services.authenticate(request.token(), max_age))


def ranking_key(services: Authentication, request: HttpRequest) -> VirtualKey:
    """The same for what has something ranked, where it may be a provider's own key, a DirectKey."""
    if request.headers.get(VIRTUAL_KEY_HEADER):
        return authenticated_key(services, request)
    key = _noted(request, services.authenticate.or_direct(request.token()))
    # What comes of a stranger's key at a provider says nothing of the operator's.
    request.log.counts_attempts = not isinstance(key, DirectKey)

    return key


def by_latest_limits(
    services: Authentication, request: HttpRequest, key: VirtualKey, act: Callable[[VirtualKey], T]
) -> T:
    """What *act* comes to for *key*: where a limit is against it, by the key's record as it is now."""
    return within_limits(key, act, lambda: services.authenticate(request.token(), max_age=0.0))


def _noted(request: HttpRequest, key: VirtualKey) -> VirtualKey:
    request.log.fields["key"] = key.id
    if key.team:
        request.log.fields["team"] = key.team

    return key
