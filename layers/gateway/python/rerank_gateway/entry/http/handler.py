"""From an API Gateway event (HTTP API, payload 2.0) to a response, whatever happens in between."""

from __future__ import annotations

import gc
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from rerank_gateway.domain.deadline import Deadline
from rerank_gateway.domain.errors import FaultyKey, Misconfigured, Unavailable, UnknownAddress, WrongMethod
from rerank_gateway.domain.trace import trace_of, xray_id
from rerank_gateway.entry import observability
from rerank_gateway.entry.http.attempt_headers import attempt_headers
from rerank_gateway.entry.http.cors import cors_headers, preflight
from rerank_gateway.entry.http.errors import error_headers, to_http_error
from rerank_gateway.entry.http.limits import limit_headers
from rerank_gateway.entry.http.request import HttpRequest
from rerank_gateway.entry.http.response import HttpResponse
from rerank_gateway.entry.http.response_size import require_response_size
from rerank_gateway.entry.http.route import ErrorRenderer, Route
from rerank_gateway.entry.request_log import MAX_NAME_CHARS

if TYPE_CHECKING:
    from rerank_gateway.entry.lambda_context import LambdaContext
    from rerank_gateway.entry.services import InvocationServices

RESPONSE_RESERVE_S = 0.3
"""Seconds of the function's time that are kept for writing the response."""
API_GATEWAY_S = 29.5
"""
Seconds after which API Gateway must have the response: it waits for 30, from when it took the request, and a cold start
is among them.
"""


WRONG_ADDRESS = (UnknownAddress.code, WrongMethod.code)


@dataclass(frozen=True, slots=True)
class HttpHandler:
    """
    Answers events by *routes*, each under the `routeKey` that API Gateway knows it by. Pages of the origins that the
    operator names may read the answers.
    """

    routes: Mapping[str, Route]
    services: InvocationServices

    def __call__(self, event: Mapping[str, Any], context: LambdaContext) -> dict[str, Any]:
        """The response to *event*. Never raises for what a caller sent."""
        clock, xray = self.services.clock, self.services.xray_header
        observability.bind_invocation(context, self.services.stack, xray_id(xray), self.services.success_share)
        started = clock.now()
        request = HttpRequest.of(event, self._deadline(event, context))
        request.trace = trace_of(request.headers, xray)
        response = self._response(request)
        _log(request, response["statusCode"], clock.now() - started)
        gc.enable()  # off since the function was loaded

        return response

    def _response(self, request: HttpRequest) -> dict[str, Any]:
        route = self.routes[request.event["routeKey"]]
        if "origin" not in request.headers:
            return _response(route, request)
        origins = self.services.origins
        asked = preflight(request, origins)
        response = asked.to_event(request.request_id) if asked else _response(route, request)

        return {**response, "headers": {**response["headers"], **cors_headers(request, origins)}}

    def _deadline(self, event: Mapping[str, Any], context: LambdaContext) -> Deadline:
        """When the response must be there: the function's own time is limited, and so is API Gateway's."""
        seconds = min(context.get_remaining_time_in_millis() / 1000, API_GATEWAY_S - self._waited(event))

        return Deadline.after(self.services.clock, seconds - RESPONSE_RESERVE_S)

    def _waited(self, event: Mapping[str, Any]) -> float:
        """Seconds since API Gateway took the request; 0 where what stands there cannot be."""
        taken = event["requestContext"].get("timeEpoch")
        if not isinstance(taken, int | float):
            return 0.0
        waited = self.services.clock.epoch() - taken / 1000

        # Clocks may differ, `sam local` counts in seconds, and nobody waits for an event of yesterday's any more.
        return waited if 0.0 <= waited < API_GATEWAY_S else 0.0


def _response(route: Route, request: HttpRequest) -> dict[str, Any]:
    try:
        response = route.respond(request).to_event(request.request_id)
        require_response_size(response["body"])
    except Exception as error:  # the last line of defence: a caller gets a response even to our bugs
        return _error_response(error, request, route.api(request)).to_event(request.request_id)

    return response


def _error_response(error: Exception, request: HttpRequest, api: ErrorRenderer) -> HttpResponse:
    http_error = to_http_error(error, request.request_id, request.log.model)
    request.log.fields["error"] = http_error.code
    request.log.attempts = http_error.attempts or request.log.attempts
    request.log.note_refusal(error)
    _log_cause(error, http_error.status, request)
    headers = error_headers(error, http_error.status) | attempt_headers(http_error.target, http_error.attempts)
    headers |= limit_headers(error)
    statuses: Mapping[str, int] = getattr(api, "STATUSES", {})
    rendered = replace(http_error, status=statuses.get(http_error.code, http_error.status))

    return HttpResponse(rendered.status, api.render_error(rendered), headers)


def _log_cause(error: Exception, status: int, request: HttpRequest) -> None:
    """What the operator has to mend, and callers need not know."""
    if isinstance(error, FaultyKey):
        request.log.fields["key_fault"] = error.attribute
    if isinstance(error, Misconfigured):
        observability.log_mistake(error)
    if isinstance(error, Unavailable) and error.cause:
        request.log.fields["cause"] = error.cause
    if status == 500:
        observability.log_bug(error, {"request_id": request.request_id})


def _log(request: HttpRequest, status: int, seconds: float) -> None:
    fields = {
        "request_id": request.request_id,
        "route": request.event["routeKey"],
        "status": status,
        "ms": round(seconds * 1000, 2),
        **request.log.fields,
    }
    # Strangers can send many of these, and every byte of the log is paid for.
    if status == 401:
        observability.log_refusal("key_refused", fields)
        return
    if fields.get("error") in WRONG_ADDRESS:
        observability.log_refusal("address_refused", fields)
        return
    if request.log.model is not None:
        fields["model"] = request.log.model[:MAX_NAME_CHARS]
    if request.trace:
        fields["trace_id"] = request.trace.id
    observability.log_request("request_answered", fields, request.log)
