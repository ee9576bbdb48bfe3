"""Jobs as their owners see them: polled and cancelled."""

from collections.abc import Mapping
from typing import Any

from rerank_gateway.apis import envelope
from rerank_gateway.entry.http import LambdaContext, Route, serve
from rerank_gateway.entry.status_routes import cancel, poll

ROUTES = {
    "GET /v1/async/rerank/{id}": Route(poll, lambda _: envelope),
    "DELETE /v1/async/rerank/{id}": Route(cancel, lambda _: envelope),
}


def handler(event: Mapping[str, Any], context: LambdaContext) -> dict[str, Any]:
    return serve(ROUTES, event, context)
