"""Submissions: a request in, a job out."""

import gc

# What is loaded stays. Looking through it for garbage again and again takes a tenth of a cold start, so that begins
# with the first event: the handler enables it.
gc.disable()

from collections.abc import Mapping
from typing import Any

from rerank_gateway.entry.http.handler import HttpHandler
from rerank_gateway.entry.lambda_context import LambdaContext
from rerank_gateway.entry.routes.job_submit import submit_route
from rerank_gateway.entry.wiring.gateway import GATEWAY

ROUTES = {"POST /v1/async/rerank": submit_route(GATEWAY)}
respond = HttpHandler(ROUTES, GATEWAY)


def handler(event: Mapping[str, Any], context: LambdaContext) -> dict[str, Any]:
    return respond(event, context)
