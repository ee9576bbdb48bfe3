"""API Gateway's part: find the function, ask it, and have an answer of one's own where there is none."""

from __future__ import annotations

import sys
import traceback
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from local.events import Arrival, event_of, response_of
from local.messages import Request, Response
from local.routes import Route

LARGEST = 10 * 1024 * 1024
"""Bytes of a request's body, from the quotas of HTTP APIs."""


@dataclass(frozen=True, slots=True)
class ApiGateway:
    """Answers by the first of *routes* that fits."""

    routes: Sequence[Route]

    def answer(self, request: Request) -> Response:
        """The response to *request*, whatever happens."""
        if len(request.body) > LARGEST:
            return Response.saying(413, "Request Entity Too Large")
        for route in self.routes:
            parameters = route.parameters(request.method, request.path)
            if parameters is not None:
                return _asked(route, request, parameters)

        return Response.saying(404, "Not Found")


def _asked(route: Route, request: Request, parameters: Mapping[str, str]) -> Response:
    try:
        return response_of(route.invoke(event_of(request, route.key, parameters, Arrival())))
    except Exception:  # whatever is wrong with the function, the next request shall be answered
        traceback.print_exc(file=sys.stderr)

        return Response.saying(500, "Internal Server Error")
