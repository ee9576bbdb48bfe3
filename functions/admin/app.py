"""Keys, teams and webhooks as those who manage them see them, and what has been used."""

import gc

# What is loaded stays. Looking through it for garbage again and again takes a tenth of a cold start, so that begins
# with the first event: the handler enables it.
gc.disable()

from collections.abc import Mapping
from typing import Any

from rerank_gateway.entry.http.handler import HttpHandler
from rerank_gateway.entry.lambda_context import LambdaContext
from rerank_gateway.entry.routes.keys import key_routes
from rerank_gateway.entry.routes.shadow import shadow_route
from rerank_gateway.entry.routes.teams import team_routes
from rerank_gateway.entry.routes.usage import usage_route
from rerank_gateway.entry.routes.webhooks import webhook_routes
from rerank_gateway.entry.wiring.admin import AdminServices
from rerank_gateway.entry.wiring.gateway import GATEWAY

ADMIN = AdminServices(GATEWAY)
ROUTES = {
    **key_routes(ADMIN),
    **team_routes(ADMIN),
    **webhook_routes(ADMIN),
    "GET /v1/usage": usage_route(ADMIN),
    "GET /v1/shadow": shadow_route(ADMIN),
}
respond = HttpHandler(ROUTES, GATEWAY)


def handler(event: Mapping[str, Any], context: LambdaContext) -> dict[str, Any]:
    return respond(event, context)
