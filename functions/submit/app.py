"""Submissions: a request in, a job out."""

from collections.abc import Mapping
from typing import Any

from rerank_gateway.apis.shared import bifrost_error
from rerank_gateway.entry.http.handler import LambdaContext, Route, serve
from rerank_gateway.entry.routes.job_submit import submit

ROUTES = {"POST /v1/async/rerank": Route(submit, lambda _: bifrost_error)}


def handler(event: Mapping[str, Any], context: LambdaContext) -> dict[str, Any]:
    return serve(ROUTES, event, context)
