"""Submissions: a request in, a job out."""

from collections.abc import Mapping
from typing import Any

from rerank_gateway.apis import envelope
from rerank_gateway.entry.http import LambdaContext, Route, serve
from rerank_gateway.entry.submit_routes import submit

ROUTES = {"POST /v1/async/rerank": Route(submit, lambda _: envelope)}


def handler(event: Mapping[str, Any], context: LambdaContext) -> dict[str, Any]:
    return serve(ROUTES, event, context)
