"""A line of a function's table of routes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, Protocol, TypeVar

from rerank_gateway.apis.shared.http_error import HttpError
from rerank_gateway.entry.http.request import HttpRequest
from rerank_gateway.entry.http.response import HttpResponse

Services = TypeVar("Services")


class ErrorRenderer(Protocol):
    """
    An API, as far as errors need it.

    It may have STATUSES of its own, by the code of an error, where its clients know other ones than ours.
    """

    def render_error(self, error: HttpError, /) -> dict[str, Any]: ...


@dataclass(frozen=True, slots=True)
class Route:
    """How a request is answered, and the API in which its errors are."""

    respond: Callable[[HttpRequest], HttpResponse]
    api: Callable[[HttpRequest], ErrorRenderer]


def routes_of(
    services: Services, api: ErrorRenderer, responders: Mapping[str, Callable[[Services, HttpRequest], HttpResponse]]
) -> dict[str, Route]:
    """A route for each of the *responders*, which all speak *api*."""
    return {name: Route(partial(responder, services), lambda _: api) for name, responder in responders.items()}
