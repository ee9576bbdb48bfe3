"""Jobs as their owners see them: polled and cancelled."""

from collections.abc import Mapping
from typing import Any

from rerank_gateway.apis.shared import bifrost_error
from rerank_gateway.entry.http.handler import LambdaContext, Route, serve
from rerank_gateway.entry.routes.job_status import cancel, poll

ROUTES = {
    "GET /v1/async/rerank/{id}": Route(poll, lambda _: bifrost_error),
    "DELETE /v1/async/rerank/{id}": Route(cancel, lambda _: bifrost_error),
}


def handler(event: Mapping[str, Any], context: LambdaContext) -> dict[str, Any]:
    return serve(ROUTES, event, context)
