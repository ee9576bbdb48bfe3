"""Sync rerank: one request in, one ranking out."""

from collections.abc import Mapping
from typing import Any

from rerank_gateway.apis import native
from rerank_gateway.entry.http import LambdaContext, Route, serve
from rerank_gateway.entry.rerank_routes import health, models, ranks

ROUTES = {
    "GET /health": Route(health, native),
    "GET /v1/models": Route(models, native),
    "POST /v1/rerank": ranks(native),
}


def handler(event: Mapping[str, Any], context: LambdaContext) -> dict[str, Any]:
    return serve(ROUTES, event, context)
