"""The routes that register webhooks, change them, and show and repeat what was delivered."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rerank_gateway.apis import webhooks as api
from rerank_gateway.domain.errors import UnknownDelivery, UnknownWebhook
from rerank_gateway.domain.webhooks.endpoints import NAME
from rerank_gateway.entry.http.authentication import authenticated_key
from rerank_gateway.entry.http.request import HttpRequest
from rerank_gateway.entry.http.response import HttpResponse
from rerank_gateway.entry.http.route import Route, routes_of
from rerank_gateway.entry.routes.key_query import parse_after, parse_limit
from rerank_gateway.entry.routes.management import NEVER_STORED, log_change_by

if TYPE_CHECKING:
    from rerank_gateway.entry.admin_services import AdminServices
    from rerank_gateway.use_cases.webhooks.endpoints import IssuedEndpoint

MAX_DELIVERY_ID_CHARS = 100


def webhook_routes(services: AdminServices) -> dict[str, Route]:
    """Each by its name."""
    return routes_of(
        services,
        api,
        {
            "POST /v1/webhooks": create,
            "GET /v1/webhooks": show_all,
            "GET /v1/webhooks/{name}": show,
            "PATCH /v1/webhooks/{name}": change,
            "DELETE /v1/webhooks/{name}": remove,
            "POST /v1/webhooks/{name}/rotate": rotate,
            "POST /v1/webhooks/{name}/test": test,
            "GET /v1/webhooks/{name}/deliveries": show_deliveries,
            "POST /v1/webhooks/{name}/deliveries/{id}/redeliver": redeliver,
        },
    )


def create(services: AdminServices, request: HttpRequest) -> HttpResponse:
    """A new webhook, and its secret."""
    by = authenticated_key(services, request)
    issued = services.endpoints.create(by, api.parse_endpoint(request.body()))
    _log(request, "webhook_created", issued.endpoint.name)

    return _issued(issued, 201)


def show_all(services: AdminServices, request: HttpRequest) -> HttpResponse:
    by = authenticated_key(services, request)

    return HttpResponse(200, {"data": [api.render_endpoint(each) for each in services.endpoints.all(by)]})


def show(services: AdminServices, request: HttpRequest) -> HttpResponse:
    by = authenticated_key(services, request)

    return HttpResponse(200, {"data": api.render_endpoint(services.endpoints.one(by, _name(request)))})


def change(services: AdminServices, request: HttpRequest) -> HttpResponse:
    """The webhook as it is then."""
    by = authenticated_key(services, request)
    changes = api.parse_changes(request.body())
    endpoint = services.endpoints.change(by, _name(request), changes)
    _log(request, "webhook_changed", endpoint.name, fields=sorted(changes))

    return HttpResponse(200, {"data": api.render_endpoint(endpoint)})


def remove(services: AdminServices, request: HttpRequest) -> HttpResponse:
    by = authenticated_key(services, request)
    _log(request, "webhook_removed", services.endpoints.remove(by, _name(request)).name)

    return HttpResponse(200, {"deleted": True})


def rotate(services: AdminServices, request: HttpRequest) -> HttpResponse:
    """The webhook with a new secret."""
    by = authenticated_key(services, request)
    grace_s = api.parse_grace(request.body())
    issued = services.endpoints.rotate(by, _name(request), grace_s)
    _log(request, "webhook_rotated", issued.endpoint.name, grace_seconds=grace_s)

    return _issued(issued, 200)


def test(services: AdminServices, request: HttpRequest) -> HttpResponse:
    """What becomes of a message that says nothing."""
    by = authenticated_key(services, request)

    return HttpResponse(202, {"data": api.render_delivery(services.deliveries.test(by, _name(request)))})


def show_deliveries(services: AdminServices, request: HttpRequest) -> HttpResponse:
    """The newest first, and where to go on."""
    by = authenticated_key(services, request)
    found, after = services.deliveries.page(by, _name(request), parse_limit(request), parse_after(request))

    return HttpResponse(200, {"data": [api.render_delivery(each) for each in found], "next": after})


def redeliver(services: AdminServices, request: HttpRequest) -> HttpResponse:
    """The delivery as if it were a new one."""
    by, name = authenticated_key(services, request), _name(request)
    delivery_id: str = request.event["pathParameters"]["id"]
    if len(delivery_id) > MAX_DELIVERY_ID_CHARS:
        raise UnknownDelivery("there is no such delivery")
    delivery = services.deliveries.redeliver(by, name, delivery_id)
    _log(request, "webhook_redelivered", name, delivery=delivery.id)

    return HttpResponse(202, {"data": api.render_delivery(delivery)})


def _name(request: HttpRequest) -> str:
    """The name in the address. Raises UnknownWebhook for what can be none."""
    name: str = request.event["pathParameters"]["name"]
    if not NAME.fullmatch(name):
        raise UnknownWebhook("there is no such webhook")

    return name


def _issued(issued: IssuedEndpoint, status: int) -> HttpResponse:
    return HttpResponse(status, {"data": api.render_endpoint(issued.endpoint), "secret": issued.secret}, NEVER_STORED)


def _log(request: HttpRequest, event: str, name: str, **more: Any) -> None:
    """Who did what to which webhook; of the secret nothing."""
    log_change_by(request, event, {"webhook": name, **more})
