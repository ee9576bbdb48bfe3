"""A line of a function's table of routes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

from rerank_gateway.apis.shared.http_error import HttpError
from rerank_gateway.entry.http.request import HttpRequest
from rerank_gateway.entry.http.response import HttpResponse


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
