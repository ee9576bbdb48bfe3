"""The route of all addresses that have none: what was meant is answered, and whoever got lost learns where to go."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from functools import partial
from typing import TYPE_CHECKING

from rerank_gateway.apis.shared import bifrost_error
from rerank_gateway.domain.errors import UnknownAddress, WrongMethod
from rerank_gateway.entry.http.request import HttpRequest
from rerank_gateway.entry.http.response import HttpResponse
from rerank_gateway.entry.http.route import ErrorRenderer, Route

if TYPE_CHECKING:
    from rerank_gateway.entry.http.addresses import Address

KEY = "$default"
"""What API Gateway calls it."""
MAIN_ADDRESS = "POST /v1/rerank"
JOB_ROUTES = (
    "POST /v1/async/rerank",
    "GET /v1/async/rerank",
    "GET /v1/async/rerank/{id}",
    "DELETE /v1/async/rerank/{id}",
)
ADMIN_ROUTES = (
    "POST /api/v1/keys",
    "GET /api/v1/keys",
    "GET /api/v1/keys/{hash}",
    "PATCH /api/v1/keys/{hash}",
    "DELETE /api/v1/keys/{hash}",
    "POST /api/v1/keys/{hash}/rotate",
    "GET /api/v1/key",
    "POST /api/v1/teams",
    "GET /api/v1/teams",
    "GET /api/v1/teams/{name}",
    "PATCH /api/v1/teams/{name}",
    "DELETE /api/v1/teams/{name}",
    "GET /v1/usage",
    "POST /v1/webhooks",
    "GET /v1/webhooks",
    "GET /v1/webhooks/{name}",
    "PATCH /v1/webhooks/{name}",
    "DELETE /v1/webhooks/{name}",
    "POST /v1/webhooks/{name}/rotate",
    "POST /v1/webhooks/{name}/test",
    "GET /v1/webhooks/{name}/deliveries",
    "POST /v1/webhooks/{name}/deliveries/{id}/redeliver",
    "GET /v1/shadow",
)
BATCH_ROUTES = (
    "POST /v1/files",
    "GET /v1/files",
    "GET /v1/files/{id}",
    "DELETE /v1/files/{id}",
    "GET /v1/files/{id}/content",
    "POST /v1/uploads",
    "POST /v1/uploads/{id}/complete",
    "POST /v1/uploads/{id}/cancel",
    "POST /v1/batches",
    "GET /v1/batches",
    "GET /v1/batches/{id}",
    "POST /v1/batches/{id}/cancel",
)
OTHER_ROUTES = (*JOB_ROUTES, *BATCH_ROUTES, *ADMIN_ROUTES)
"""Those of the other functions."""


def catch_all_route(routes: Mapping[str, Route], elsewhere: Collection[str] = OTHER_ROUTES) -> Route:
    """The catch-all beside *routes*; those that are answered *elsewhere* it can only name."""
    return Route(partial(catch_all, routes, elsewhere), partial(_api, routes))


def catch_all(routes: Mapping[str, Route], elsewhere: Collection[str], request: HttpRequest) -> HttpResponse:
    """As the route does that was meant. Raises UnknownAddress or WrongMethod, which say where to go."""
    from rerank_gateway.entry.http.addresses import at, nearest  # for those who got lost

    http = request.event["requestContext"]["http"]
    keys = [key for key in (*routes, *elsewhere) if key != KEY]
    found = list(at(http["path"], keys))
    address = next((address for address in found if address.method == http["method"]), None)
    if address and address.key in routes:
        request.event = {**request.event, "routeKey": address.key, "pathParameters": address.parameters}
        return routes[address.key].respond(request)
    near = address or next(iter(found), None)
    key = near.key if near else nearest(http["method"], http["path"], keys)
    request.log.fields["nearest"] = key or MAIN_ADDRESS
    if found and not address:
        raise _wrong_method(found)

    raise unknown_address(key)


def _api(routes: Mapping[str, Route], request: HttpRequest) -> ErrorRenderer:
    """That of the route which was meant, or looks most like it."""
    key = request.event["routeKey"]
    route = routes.get(request.log.fields.get("nearest", "") if key == KEY else key)

    return route.api(request) if route else bifrost_error


def _wrong_method(found: list[Address]) -> WrongMethod:
    methods = sorted({address.method for address in found})

    return WrongMethod(f"this address takes {' or '.join(methods)} only", allowed=methods)


def unknown_address(key: str | None) -> UnknownAddress:
    """The error for who asks for what is not there, where *key* is what comes nearest."""
    from rerank_gateway.entry.routes.base_urls import BASE_URLS

    if key is None:
        return UnknownAddress(
            f"no such address: rankings are at {MAIN_ADDRESS}, and GET /openapi.json has all addresses"
        )
    base_url = BASE_URLS.get(key)

    return UnknownAddress(f"no such address: the nearest is {key}" + (f"; {base_url}" if base_url else ""))
