"""Jobs as their owners see them: polled, listed and cancelled."""

import gc

# What is loaded stays. Looking through it for garbage again and again takes a tenth of a cold start, so that begins
# with the first event: the handler enables it.
gc.disable()

from collections.abc import Mapping
from typing import Any

from rerank_gateway.entry.http.handler import HttpHandler
from rerank_gateway.entry.lambda_context import LambdaContext
from rerank_gateway.entry.routes.job_status import cancel_route, list_route, poll_route
from rerank_gateway.entry.wiring.gateway import GATEWAY

ROUTES = {
    "GET /v1/async/rerank": list_route(GATEWAY),
    "GET /v1/async/rerank/{id}": poll_route(GATEWAY),
    "DELETE /v1/async/rerank/{id}": cancel_route(GATEWAY),
}
respond = HttpHandler(ROUTES, GATEWAY)


def handler(event: Mapping[str, Any], context: LambdaContext) -> dict[str, Any]:
    return respond(event, context)
