"""The routes that make, list, change, rotate and remove keys."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from rerank_gateway.apis import keys as api
from rerank_gateway.domain.errors import UnknownKey
from rerank_gateway.domain.spending.usage import Spending
from rerank_gateway.entry.http.authentication import authenticated_key
from rerank_gateway.entry.http.request import HttpRequest
from rerank_gateway.entry.http.response import HttpResponse
from rerank_gateway.entry.http.route import Route, routes_of
from rerank_gateway.entry.routes.job_options import parse_idempotency_key
from rerank_gateway.entry.routes.key_query import parse_filter, parse_page
from rerank_gateway.entry.routes.management import NEVER_STORED, log_change_by

if TYPE_CHECKING:
    from rerank_gateway.domain.management.records import KeyRecord
    from rerank_gateway.entry.admin_services import AdminServices
    from rerank_gateway.use_cases.management.tokens import IssuedKey

SHA256 = re.compile(r"[0-9a-f]{64}")
NOTHING_SPENT = Spending()


def key_routes(services: AdminServices) -> dict[str, Route]:
    """Each by its name."""
    return routes_of(
        services,
        api,
        {
            "POST /api/v1/keys": create,
            "GET /api/v1/keys": show_page,
            "GET /api/v1/keys/{hash}": show,
            "PATCH /api/v1/keys/{hash}": change,
            "DELETE /api/v1/keys/{hash}": remove,
            "POST /api/v1/keys/{hash}/rotate": rotate,
            "GET /api/v1/key": show_current,
        },
    )


def create(services: AdminServices, request: HttpRequest) -> HttpResponse:
    """A new key, and its secret."""
    by = authenticated_key(services, request)
    key, named = api.parse_key(request.body())
    _require_webhook(services, key.webhook)
    issued = services.create_key(by, key, parse_idempotency_key(request.headers.get("idempotency-key")))
    _log(request, "key_created", issued.record, fields=named)

    return _issued(services, issued, NOTHING_SPENT, 201)


def show_page(services: AdminServices, request: HttpRequest) -> HttpResponse:
    """Some of the keys, and where to go on."""
    by = authenticated_key(services, request)
    records, after = services.read_keys.page(by, parse_filter(request), parse_page(request))
    keys = [record.key for record in records]
    spent = services.spending.of_each(services.spending.of_key, keys, request.deadline)
    now = services.clock.epoch()
    rows = [api.render_key(record, spending, now) for record, spending in zip(records, spent, strict=True)]

    return HttpResponse(200, {"data": rows, "next": after})


def show(services: AdminServices, request: HttpRequest) -> HttpResponse:
    by = authenticated_key(services, request)

    return _shown(services, services.read_keys.one(by, _hash(request)))


def change(services: AdminServices, request: HttpRequest) -> HttpResponse:
    """The key as it is then."""
    by = authenticated_key(services, request)
    changes = api.parse_changes(request.body())
    _require_webhook(services, str(changes.get("webhook") or ""))
    record = services.change_key(by, _hash(request), changes)
    _log(request, "key_changed", record, fields=sorted(changes))

    return _shown(services, record)


def remove(services: AdminServices, request: HttpRequest) -> HttpResponse:
    by = authenticated_key(services, request)
    _log(request, "key_removed", services.remove_key(by, _hash(request)))

    return HttpResponse(200, {"deleted": True})


def rotate(services: AdminServices, request: HttpRequest) -> HttpResponse:
    """The key with a new secret."""
    by = authenticated_key(services, request)
    grace_s = api.parse_grace(request.body())
    # First, as nothing may fail once there is a secret to tell.
    spending = services.spending.of_key(services.read_keys.one(by, _hash(request)).key)
    issued = services.rotate_key(by, _hash(request), grace_s)
    _log(request, "key_rotated", issued.record, grace_seconds=grace_s)

    return _issued(services, issued, spending, 200)


def show_current(services: AdminServices, request: HttpRequest) -> HttpResponse:
    """What the caller's own key is, and has spent."""
    key = authenticated_key(services, request, max_age=0.0)

    return HttpResponse(200, {"data": api.render_current(key, services.spending.of_key(key))})


def _hash(request: HttpRequest) -> str:
    """The hash in the address. Raises UnknownKey for what can be none: DynamoDB would refuse to look for it."""
    found: str = request.event["pathParameters"]["hash"]
    if not SHA256.fullmatch(found):
        raise UnknownKey("there is no such key")

    return found


def _require_webhook(services: AdminServices, name: str) -> None:
    """Raise InvalidRequest where the default of a key would be a webhook that is none."""
    if name:
        services.require_webhook(name, "webhook")


def _shown(services: AdminServices, record: KeyRecord) -> HttpResponse:
    spending = services.spending.of_key(record.key)

    return HttpResponse(200, {"data": api.render_key(record, spending, services.clock.epoch())})


def _issued(services: AdminServices, issued: IssuedKey, spending: Spending, status: int) -> HttpResponse:
    data = api.render_key(issued.record, spending, services.clock.epoch())

    return HttpResponse(status, {"data": data, "key": issued.token}, NEVER_STORED)


def _log(request: HttpRequest, event: str, record: KeyRecord, **more: Any) -> None:
    """Who did what to which key; of the secret not even the hash."""
    log_change_by(request, event, {"changed_key": record.key.id, **more})
