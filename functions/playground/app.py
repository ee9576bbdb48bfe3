"""The pages for browsers. They ask the gateway like any other client; this function only hands out their files."""

import gc

# What is loaded stays. Looking through it for garbage again and again takes a tenth of a cold start, so that begins
# with the first event: the handler enables it.
gc.disable()

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from rerank_gateway.entry.http.handler import HttpHandler
from rerank_gateway.entry.lambda_context import LambdaContext
from rerank_gateway.entry.routes.playground import playground_routes
from rerank_gateway.entry.wiring.gateway import GATEWAY

ROUTES = playground_routes(Path(__file__).with_name("static"))
respond = HttpHandler(ROUTES, GATEWAY)


def handler(event: Mapping[str, Any], context: LambdaContext) -> dict[str, Any]:
    return respond(event, context)
