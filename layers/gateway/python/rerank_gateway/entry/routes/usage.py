"""The route that tells who used how much."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from rerank_gateway.apis import usage as api
from rerank_gateway.entry.http.authentication import authenticated_key
from rerank_gateway.entry.http.request import HttpRequest
from rerank_gateway.entry.http.response import HttpResponse
from rerank_gateway.entry.http.route import Route
from rerank_gateway.entry.routes.key_query import parse_days, parse_groups

if TYPE_CHECKING:
    from rerank_gateway.entry.admin_services import AdminServices

CSV = {"content-type": "text/csv; charset=utf-8"}


def usage_route(services: AdminServices) -> Route:
    return Route(partial(usage, services), lambda _: api)


def usage(services: AdminServices, request: HttpRequest) -> HttpResponse:
    """A report: as CSV where the caller accepts that, or else as JSON."""
    key = authenticated_key(services, request)
    days, groups = parse_days(request, services.clock.epoch()), parse_groups(request)
    report = services.report_usage(key, days, groups)
    if "text/csv" in request.headers.get("accept", ""):
        return HttpResponse(200, api.render_csv(report, groups), CSV)

    return HttpResponse(200, api.render_report(report, days, groups))
