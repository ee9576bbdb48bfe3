"""The route that tells what shadows would have answered."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from rerank_gateway.apis import shadow as api
from rerank_gateway.entry.http.authentication import authenticated_key
from rerank_gateway.entry.http.request import HttpRequest
from rerank_gateway.entry.http.response import HttpResponse
from rerank_gateway.entry.http.route import Route
from rerank_gateway.entry.routes.key_query import parse_days

if TYPE_CHECKING:
    from rerank_gateway.entry.admin_services import AdminServices


def shadow_route(services: AdminServices) -> Route:
    return Route(partial(shadow, services), lambda _: api)


def shadow(services: AdminServices, request: HttpRequest) -> HttpResponse:
    key, days = authenticated_key(services, request), parse_days(request, services.clock.epoch())

    return HttpResponse(200, api.render_report(services.report_shadows(key, days), days))
