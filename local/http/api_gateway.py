"""API Gateway's part: find the route, invoke its function, and respond itself where there is none."""

from __future__ import annotations

import sys
import traceback
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from local.http.events import RequestContext, to_http_event, to_http_response
from local.http.messages import Request, Response
from local.http.routes import Route

MAX_BODY_BYTES = 10 * 1024 * 1024
"""Of a request, from the quotas of HTTP APIs."""


@dataclass(frozen=True, slots=True)
class ApiGateway:
    """Responds by the first of *routes* that matches."""

    routes: Sequence[Route]

    def handle(self, request: Request) -> Response:
        """The response to *request*, whatever happens."""
        if len(request.body) > MAX_BODY_BYTES:
            return Response.message(413, "Request Entity Too Large")
        for route in self.routes:
            parameters = route.match(request.method, request.path)
            if parameters is not None:
                return _invoke(route, request, parameters)

        return Response.message(404, "Not Found")


def _invoke(route: Route, request: Request, parameters: Mapping[str, str]) -> Response:
    try:
        event = to_http_event(request, route.key, parameters, RequestContext())

        return to_http_response(route.invoke(event))
    except Exception:  # whatever is wrong with the function, the next request shall be answered
        traceback.print_exc(file=sys.stderr)

        return Response.message(500, "Internal Server Error")
