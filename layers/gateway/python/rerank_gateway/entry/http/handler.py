"""From an API Gateway event (HTTP API, payload 2.0) to a reply, whatever happens in between."""

from __future__ import annotations

import gc
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

from pydantic_core import to_json

from rerank_gateway.apis.shared.error import HttpError
from rerank_gateway.entry import observability
from rerank_gateway.entry.http.call import Call
from rerank_gateway.entry.http.errors import retry_after_header, to_http_error
from rerank_gateway.entry.http.size import require_reply_size
from rerank_gateway.entry.wiring.container import CLOCK

RESPONSE_RESERVE_S = 0.3
"""Seconds of the function's time that are kept for writing the answer."""


class LambdaContext(Protocol):
    """What we use of Lambda's context."""

    def get_remaining_time_in_millis(self) -> int: ...


@dataclass(frozen=True, slots=True)
class HttpResponse:
    status: int
    content: Any
    headers: Mapping[str, str] = field(default_factory=dict)


class ErrorRenderer(Protocol):
    """
    An API, as far as it is needed where everything has gone wrong.

    It may have STATUSES of its own, by the code of an error, where its clients know other ones than ours.
    """

    def render_error(self, error: HttpError, /) -> dict[str, Any]: ...


@dataclass(frozen=True, slots=True)
class Route:
    """What is done with a call, and in which API its errors are told."""

    run: Callable[[Call], HttpResponse]
    api: Callable[[Call], ErrorRenderer]


def serve(routes: Mapping[str, Route], event: Mapping[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Answer *event* by the one of *routes* that its `routeKey` names. Never raises for what a caller sent."""
    observability.bind_invocation(context)
    started = CLOCK.now()
    deadline = started + context.get_remaining_time_in_millis() / 1000 - RESPONSE_RESERVE_S
    call = Call.of(event, deadline)
    route = routes[event["routeKey"]]
    try:
        reply = _written(route.run(call), call)
        require_reply_size(reply["body"])
    except Exception as error:  # the last line of defence: a caller gets an answer even to our bugs
        reply = _written(_failed(error, call, route.api(call)), call)
    _record(call, reply["statusCode"], CLOCK.now() - started)
    gc.enable()  # off since the package was loaded

    return reply


def _failed(error: Exception, call: Call, api: ErrorRenderer) -> HttpResponse:
    told = to_http_error(error, call.request_id, call.model)
    own: Mapping[str, int] = getattr(api, "STATUSES", {})
    call.notes["error"] = told.code
    call.attempts = told.attempts or call.attempts
    if told.status == 500:
        observability.log_bug(error, {"request_id": call.request_id})

    headers = retry_after_header(error, told.status)
    told = replace(told, status=own.get(told.code, told.status))

    return HttpResponse(told.status, api.render_error(told), headers)


def _written(reply: HttpResponse, call: Call) -> dict[str, Any]:
    return {
        "statusCode": reply.status,
        "headers": {"content-type": "application/json", "x-request-id": call.request_id, **reply.headers},
        "body": to_json(reply.content, inf_nan_mode="null").decode(),
        "isBase64Encoded": False,
    }


def _record(call: Call, status: int, seconds: float) -> None:
    fields = {
        "request_id": call.request_id,
        "route": call.event["routeKey"],
        "status": status,
        "ms": round(seconds * 1000, 2),
        **call.notes,
    }
    observability.log_event("request_answered", fields, call.attempts)
