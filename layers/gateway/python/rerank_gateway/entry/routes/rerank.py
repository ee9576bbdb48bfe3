"""The sync routes: rank, list the models, say that we are here."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from importlib import import_module
from typing import Any, Protocol

from rerank_gateway.apis.shared.error import HttpError
from rerank_gateway.apis.shared.response_parts import without_none
from rerank_gateway.domain.answer import Answer
from rerank_gateway.domain.errors import CallerError
from rerank_gateway.domain.request import RerankRequest
from rerank_gateway.entry.http.authentication import authenticated_key
from rerank_gateway.entry.http.call import Call
from rerank_gateway.entry.http.handler import HttpResponse, Route
from rerank_gateway.entry.wiring.container import wiring

MAX_WARNINGS = 20
MAX_NAME_CHARS = 100
APP_HEADERS = (
    ("http-referer", "app"),
    ("x-title", "app_title"),
    ("x-openrouter-title", "app_title"),
    ("x-openrouter-categories", "app_categories"),
)
"""How OpenRouter's clients say which application they are."""


class RerankApi(Protocol):
    """A caller's wire format; the modules of `apis` are such."""

    def parse(self, body: bytes) -> tuple[RerankRequest, list[str]]: ...
    def render(self, request: RerankRequest, answer: Answer, request_id: str) -> Any: ...
    def render_error(self, error: HttpError, /) -> dict[str, Any]: ...


def rerank_route(name: str) -> Route:
    """The route that ranks for callers of `apis/NAME.py`, which is loaded when the first of them calls."""
    return _route(lambda _: _loaded(name))


def tei_or_native_route() -> Route:
    """The route on which clients of TEI and of the native API meet: the former send `texts`, the latter `documents`."""
    return _route(lambda call: _loaded("tei" if _has_texts(call) else "native"))


def _route(api: Callable[[Call], RerankApi]) -> Route:
    return Route(lambda call: _rerank(api, call), api)


@cache
def _loaded(name: str) -> RerankApi:
    api: Any = import_module(f"rerank_gateway.apis.{name}")
    spoken: RerankApi = api

    return spoken


def _has_texts(call: Call) -> bool:
    """Whether the body speaks of texts. A stranger's is not unpacked for this."""
    body = call.event.get("body") or ""
    if call.event.get("isBase64Encoded"):
        body = _unpacked(call) if "key" in call.notes else ""

    return '"texts"' in body and '"documents"' not in body


def _unpacked(call: Call) -> str:
    """The body, or "" for one that cannot be had; why not is then told in the native API."""
    try:
        return call.body().decode("utf-8", "replace")
    except CallerError:
        return ""


def _rerank(api_of: Callable[[Call], RerankApi], call: Call) -> HttpResponse:
    # The key comes first, so that a stranger cannot have megabytes unpacked and parsed.
    key = authenticated_key(call)
    api = api_of(call)
    request, ignored = api.parse(call.body())
    note_request(call, request)
    wiring().ranking.admit(key, request)
    answer = wiring().ranking.rerank(request, key.id, call.deadline)
    call.attempts = answer.attempts
    call.notes.update(without_none(cost=answer.usage.cost, cache=answer.cache))

    return HttpResponse(
        200, api.render(request, answer, call.request_id), answer_headers(answer) | warning_headers(ignored)
    )


def note_request(call: Call, request: RerankRequest) -> None:
    """Note what the log may know of *request*."""
    call.model = request.model
    call.notes["documents"] = len(request.documents)
    call.notes.update(
        {field: call.headers[name][:MAX_NAME_CHARS] for name, field in APP_HEADERS if name in call.headers}
    )
    if request.metadata:
        call.notes["metadata"] = [name[:MAX_NAME_CHARS] for name in sorted(request.metadata)[:MAX_WARNINGS]]


def answer_headers(answer: Answer) -> dict[str, str]:
    """The headers with what *answer* cost in USD, to a billionth, and how the cache served, as far as is known."""
    cost = answer.usage.cost
    headers = {} if cost is None else {"x-rerank-cost": f"{cost:.9f}".rstrip("0").rstrip(".")}

    return headers | ({"x-gateway-cache": answer.cache} if answer.cache else {})


def warning_headers(ignored: Sequence[str]) -> dict[str, str]:
    """The header that names the fields which had no effect, so that a typo is seen."""
    return {"x-gateway-warnings": "ignored: " + ", ".join(ignored[:MAX_WARNINGS])} if ignored else {}


def models(call: Call) -> HttpResponse:
    """The names that the caller's key may ask for, in the shape of OpenAI's list of models."""
    key = authenticated_key(call)
    routing = wiring().config.routing
    allowed = [name for name in routing.names if key.allows(name, routing.targets(name))]

    return HttpResponse(200, {"object": "list", "data": [_model(name) for name in allowed]})


def _model(name: str) -> dict[str, Any]:
    provider, slash, _ = name.partition("/")

    return {"id": name, "object": "model", "owned_by": provider if slash else "alias"}


def health(_: Call) -> HttpResponse:
    """That the function runs. It says nothing of providers, which must not be asked by whoever comes along."""
    return HttpResponse(200, {"status": "ok"})
