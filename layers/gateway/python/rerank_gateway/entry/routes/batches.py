"""The routes that make, show and cancel batches."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from rerank_gateway.apis import batches as api
from rerank_gateway.domain.errors import UnknownBatch
from rerank_gateway.entry.http.authentication import authenticated_key
from rerank_gateway.entry.http.request import HttpRequest
from rerank_gateway.entry.http.response import HttpResponse
from rerank_gateway.entry.http.route import Route, routes_of
from rerank_gateway.entry.routes.batch_query import parse_id, parse_part
from rerank_gateway.entry.routes.job_options import parse_idempotency_key
from rerank_gateway.entry.routes.webhook_header import webhook_of

if TYPE_CHECKING:
    from rerank_gateway.entry.batch_services import BatchServices


def batch_routes(services: BatchServices) -> dict[str, Route]:
    """Each by its name."""
    responders = {
        "POST /v1/batches": create,
        "GET /v1/batches": show_page,
        "GET /v1/batches/{id}": show,
        "POST /v1/batches/{id}/cancel": cancel,
    }

    return routes_of(services, api, responders)


def create(services: BatchServices, request: HttpRequest) -> HttpResponse:
    """A new batch, or the one that came with the same Idempotency-Key."""
    key = authenticated_key(services, request)
    parsed = api.parse_batch(request.body())
    wanted = replace(parsed, webhook=webhook_of(request, key, services.require_webhook))
    batch = services.submit_batch(wanted, key, parse_idempotency_key(request.headers.get("idempotency-key")))
    request.log.fields["batch"] = batch.id

    return HttpResponse(200, api.render_batch(batch))


def show_page(services: BatchServices, request: HttpRequest) -> HttpResponse:
    """Some of the batches, and whether there are more."""
    key = authenticated_key(services, request)
    batches, more = services.read_batches.page(key.id, parse_part(request))

    return HttpResponse(200, api.render_batches(batches, more))


def show(services: BatchServices, request: HttpRequest) -> HttpResponse:
    key = authenticated_key(services, request)

    return HttpResponse(200, api.render_batch(services.read_batches.one(_batch_id(request), key.id)))


def cancel(services: BatchServices, request: HttpRequest) -> HttpResponse:
    """The batch as it is then, which is still at its end where it was there already."""
    key = authenticated_key(services, request)

    return HttpResponse(200, api.render_batch(services.cancel_batch(_batch_id(request), key.id)))


def _batch_id(request: HttpRequest) -> str:
    return parse_id(request, UnknownBatch("there is no such batch"))
