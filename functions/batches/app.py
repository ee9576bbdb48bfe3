"""Batches and their files as callers make, see and end them."""

import gc

# What is loaded stays. Looking through it for garbage again and again takes a tenth of a cold start, so that begins
# with the first event: the handler enables it.
gc.disable()

from collections.abc import Mapping
from typing import Any

from rerank_gateway.entry.http.handler import HttpHandler
from rerank_gateway.entry.lambda_context import LambdaContext
from rerank_gateway.entry.routes.batches import batch_routes
from rerank_gateway.entry.routes.files import file_routes
from rerank_gateway.entry.wiring.batch_api import BatchApiServices
from rerank_gateway.entry.wiring.gateway import GATEWAY

BATCHES = BatchApiServices(GATEWAY)
ROUTES = {**file_routes(BATCHES), **batch_routes(BATCHES)}
respond = HttpHandler(ROUTES, GATEWAY)


def handler(event: Mapping[str, Any], context: LambdaContext) -> dict[str, Any]:
    return respond(event, context)
