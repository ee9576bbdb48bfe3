"""The sync routes that rank, each in the API of its callers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache, partial
from importlib import import_module
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias

from pydantic_core import from_json

from rerank_gateway.apis.shared.http_error import HttpError
from rerank_gateway.apis.shared.json_size import require_few_values
from rerank_gateway.domain.answer import Answer
from rerank_gateway.domain.errors import CallerError, UnknownAddress
from rerank_gateway.domain.keys import DirectKey, VirtualKey
from rerank_gateway.domain.request import RerankRequest
from rerank_gateway.entry.http.authentication import by_latest_limits, ranking_key
from rerank_gateway.entry.http.request import HttpRequest
from rerank_gateway.entry.http.response import HttpResponse
from rerank_gateway.entry.http.route import Route
from rerank_gateway.entry.routes.rerank_log import log_rerank_request
from rerank_gateway.entry.routes.response_headers import answer_headers, config_header, warning_headers
from rerank_gateway.entry.shadowing import offer_shadow

if TYPE_CHECKING:
    from rerank_gateway.entry.services import RerankServices


class RerankApi(Protocol):
    """A caller's wire format; the modules of `apis` are such."""

    def parse(self, body: bytes) -> tuple[RerankRequest, list[str]]: ...
    def render(self, request: RerankRequest, answer: Answer, request_id: str) -> Any: ...
    def render_error(self, error: HttpError, /) -> dict[str, Any]: ...


ChooseApi: TypeAlias = Callable[[HttpRequest], RerankApi]


def rerank_route(services: RerankServices, name: str) -> Route:
    """The route for callers of `apis/NAME.py`, which is loaded when the first of them comes."""
    return _route(services, lambda _: load_api(name))


def tei_or_native_route(services: RerankServices) -> Route:
    """The route on which clients of TEI and of the native API meet: the former send `texts`, the latter `documents`."""
    return _route(services, lambda request: load_api("tei" if _has_texts(request) else "native"))


def nim_model_route(services: RerankServices) -> Route:
    """NIM's route with a model in its address, which only says again what the body says."""
    route = rerank_route(services, "nim")

    return Route(partial(_rerank_at, route, "/reranking"), route.api)


@cache
def load_api(name: str) -> RerankApi:
    module: Any = import_module(f"rerank_gateway.apis.{name}")
    api: RerankApi = module

    return api


def _route(services: RerankServices, choose_api: ChooseApi) -> Route:
    return Route(partial(_rerank, services, choose_api), choose_api)


def _rerank_at(route: Route, end: str, http: HttpRequest) -> HttpResponse:
    """As *route* responds, if the address has that *end*: API Gateway's placeholders must be last."""
    if not (http.event.get("pathParameters") or {}).get("model", "").endswith(end):
        raise UnknownAddress(f"no such address: it must end in {end}")

    return route.respond(http)


def _has_texts(request: HttpRequest) -> bool:
    """Whether the body is an object with `texts` and no `documents`."""
    if "key" not in request.log.fields:
        # A stranger's is neither unpacked nor parsed, so the error is told in the API that it looks like.
        return _mentions_texts_only(request.event.get("body") or "")
    try:
        body = request.body()
        # Most are the native API's, and need not be parsed twice.
        if b'"texts"' not in body:
            return False
        require_few_values(body)
        fields = from_json(body)
    except (CallerError, ValueError):  # the native API says what is wrong
        return False

    return isinstance(fields, dict) and "texts" in fields and "documents" not in fields


def _mentions_texts_only(body: str) -> bool:
    return '"texts"' in body and '"documents"' not in body


def _rerank(services: RerankServices, choose_api: ChooseApi, http: HttpRequest) -> HttpResponse:
    # The key comes first, so that a stranger cannot have megabytes unpacked and parsed.
    key = ranking_key(services, http)
    services.refresh()
    api = choose_api(http)
    request, warnings = api.parse(http.body())
    log_rerank_request(http, request, services.end_users)
    http.log.counts_app = http.log.fields.get("app") in services.applications
    http.log.targets = services.counted_targets
    if http.trace:
        request = replace(request, trace=http.trace)
    request, answer = _ranked(services, http, key, request)
    http.log.note_answer(answer)
    if not isinstance(key, DirectKey):
        offer_shadow(services, http.log, (request, answer), http.deadline)
    headers = answer_headers(answer) | config_header(services.config_version) | warning_headers(warnings, answer)

    return HttpResponse(200, api.render(request, answer, http.request_id), headers)


def _ranked(
    services: RerankServices, http: HttpRequest, key: VirtualKey, request: RerankRequest
) -> tuple[RerankRequest, Answer]:
    """*request* as *key* may have it run, and its answer."""
    if isinstance(key, DirectKey):
        direct = services.direct_rerank(key.secret)
        request = direct.authorize(key, request)
        return request, direct(request, http.deadline)
    request = services.authorize(key, request)

    return request, _answer(services, http, key, request)


def _answer(services: RerankServices, http: HttpRequest, key: VirtualKey, request: RerankRequest) -> Answer:
    """The answer to *request*, within the limits of *key* where it has any."""
    if not key.is_metered:
        return services.rerank(request, key.id, http.deadline)

    def limited(current: VirtualKey) -> Answer:
        answer = services.limited_rerank(current, request, http.deadline)
        http.log.note_budget(services.limited_rerank.admit.budget_used(current))

        return answer

    return by_latest_limits(services, http, key, limited)
