"""Each route as an operation of the document."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from rerank_gateway.adapters.system.clock import SystemClock
from rerank_gateway.apis import openrouter
from rerank_gateway.apis.shared import bifrost_error, openai_error
from rerank_gateway.domain.deadline import Deadline
from rerank_gateway.domain.errors import Unavailable
from rerank_gateway.entry.http.request import HttpRequest
from rerank_gateway.entry.http.route import Route
from tools.openapi import batches, failures, jobs, management, parts, webhooks
from tools.openapi.apis import APIS, Api
from tools.openapi.errors import BifrostError, EndpointError, OpenAiError, OpenRouterError
from tools.openapi.schemas import name_of
from tools.openapi.words import STATUSES

MANAGED = {**management.OPERATIONS, **batches.OPERATIONS, **webhooks.OPERATIONS}
ERRORS: Mapping[Any, Any] = {
    bifrost_error.render_error: BifrostError,
    openai_error.render_error: OpenAiError,
    openrouter.render_error: OpenRouterError,
}
"""The body of an error, by what renders it."""
FORMS = {key: {"requestBody": body} for key, body in batches.FORMS.items()}
EVENTS = Path(__file__).parents[2] / "events"
Operation = dict[str, Any]


def operation(key: str, route: Route) -> Operation:
    """What is said of *route*. Raises KeyError for one of which nothing is known here."""
    if key in MANAGED:
        said = _manages(MANAGED[key], route) | FORMS.get(key, {})
        said["responses"] |= batches.CONTENTS.get(key, {})
    else:
        said = OTHERS[key]() if key in OTHERS else _ranks(_spoken(route))
    parameters = {"parameters": [parts.RERANKING]} if "{model+}" in key else {}

    return {"operationId": _name(key), **parameters, **said}


def _name(key: str) -> str:
    return "_".join("".join(c if c.isalnum() else " " for c in key.lower()).split())


def _spoken(route: Route) -> list[Any]:
    """The modules of the APIs that *route* speaks, which may depend on the body."""
    bodies = ('{"documents": []}', '{"texts": []}')
    requests = [HttpRequest({"body": body}, "", Deadline(SystemClock(), 0.0), {}) for body in bodies]

    return list(dict.fromkeys(route.api(request) for request in requests))


ASKED = ("x-gateway-target", "x-gateway-attempts")
RATE = tuple(f"x-ratelimit-{name}-requests" for name in parts.RATE_HEADERS)
ANSWERED = ("x-gateway-degraded", "x-gateway-warnings", "x-gateway-config", "x-rerank-cost", "x-gateway-cache")
TOLD = (*ASKED, *ANSWERED, *RATE)


TARGETS = ("provider_", "model_not_available")
"""How the names of those errors begin of which `x-gateway-attempts` tells more."""


def _ranks(modules: Sequence[Any]) -> Operation:
    apis = [APIS[module.__name__.rpartition(".")[2]] for module in modules]
    errors = [(name_of(api.error), _codes(failures.RANKING, module)) for api, module in zip(apis, modules, strict=True)]

    return {
        "tags": [api.title for api in apis],
        "summary": "Rank documents",
        "requestBody": _body(apis),
        "responses": {
            "200": _answer("The ranking.", *(name_of(api.answer) for api in apis), headers=TOLD),
            **_failed(errors),
        },
    }


def _codes(errors: Iterable[Exception], module: Any) -> dict[int, list[str]]:
    return failures.codes(errors, failures.statuses_of(module))


def _body(apis: Sequence[Api]) -> dict[str, Any]:
    examples = {api.event: {"summary": api.title, "value": _example(api.event)} for api in apis}

    return {
        "required": True,
        "content": parts.json_of(parts.schema(*(name_of(api.request) for api in apis)), examples=examples),
    }


def _example(event: str) -> Any:
    return json.loads(json.loads((EVENTS / f"{event}.json").read_text("utf-8"))["body"])


def _answer(description: str, *names: str, headers: Sequence[str] = ()) -> dict[str, Any]:
    return {
        "description": description,
        "headers": parts.headers("x-request-id", *headers),
        "content": parts.json_of(parts.schema(*names)),
    }


def _failed(errors: Iterable[tuple[str, Mapping[int, Sequence[str]]]]) -> dict[str, Any]:
    """The answers to errors: pairs of an error body's name, and the names of the errors by status."""
    names: dict[int, list[str]] = {}
    codes: dict[int, list[str]] = {}
    for name, found in errors:
        for status in {*found, *failures.FROM_THE_ENDPOINT}:
            names.setdefault(status, []).extend([name] if status in found else [])
            codes.setdefault(status, []).extend(found.get(status, ()))

    return {str(status): _error(status, names[status], codes[status]) for status in sorted(names)}


def _error(status: int, names: Sequence[str], codes: Sequence[str]) -> dict[str, Any]:
    endpoint = [name_of(EndpointError)] if status in failures.FROM_THE_ENDPOINT else []
    words = ", ".join(f"`{code}`" for code in dict.fromkeys(codes))
    waits = ["retry-after"] if status in (429, 503, 529) else []
    asked = ASKED if any(code.startswith(TARGETS) for code in codes) else ()
    limits = (*(RATE if "rate_limited" in codes else ()), *(["x-should-retry"] if "budget_exceeded" in codes else []))

    return _answer(f"{STATUSES[status]} {words}".strip(), *names, *endpoint, headers=[*waits, *asked, *limits])


def _plain(summary: str, tag: str, answers: Mapping[str, Any], errors: Iterable[Exception], **more: Any) -> Operation:
    """An operation whose errors are told in the envelope."""
    failed = _failed([(name_of(BifrostError), _codes(errors, bifrost_error))])

    return {"tags": [tag], "summary": summary, **more, "responses": {**answers, **failed}}


def _manages(managed: management.Managed, route: Route) -> Operation:
    """An operation whose errors are told as its API does."""
    [api] = _spoken(route)
    error = ERRORS[api.render_error]
    answer = _answer(f"{managed.summary}.", name_of(managed.answer), headers=managed.headers)
    failed = _failed([(name_of(error), _codes(managed.errors, api))])
    takes: Operation = {"parameters": [*managed.parameters]} if managed.parameters else {}
    if managed.body:
        content = parts.json_of(parts.schema(name_of(managed.body)), example=_example(managed.event))
        takes["requestBody"] = {"required": managed.is_body_required, "content": content}

    return {
        "tags": [managed.tag],
        "summary": managed.summary,
        **takes,
        "responses": {str(managed.status): answer, **failed},
    }


def _openapi() -> Operation:
    document = {
        "description": "The document.",
        "headers": parts.headers("x-request-id"),
        "content": parts.json_of({"type": "object", "required": ["openapi", "info", "paths"]}),
    }

    return _plain("This document", "Gateway", {"200": document}, failures.WHATEVER, security=[])


def _health() -> Operation:
    answers = {"200": _answer("The gateway runs.", name_of(jobs.Health))}

    return _plain("Say that the gateway runs", "Gateway", answers, failures.WHATEVER, security=[])


def _told(summary: str, answer: Any, errors: Iterable[Exception]) -> Operation:
    """What some clients ask for before they rank, and without a key."""
    return _plain(summary, "Gateway", {"200": _answer(summary + ".", name_of(answer))}, errors, security=[])


def _ready() -> Operation:
    answers = {"204": {"description": "The gateway runs.", "headers": parts.headers("x-request-id")}}

    return _plain("Say to Weaviate that the gateway runs", "Gateway", answers, failures.WHATEVER, security=[])


def _target_health() -> Operation:
    answers = {"200": _answer("What is known of each target.", name_of(jobs.TargetHealths))}

    return _plain("See how the targets are", "Gateway", answers, failures.TARGET_HEALTH, parameters=[parts.PROBE])


def _models() -> Operation:
    answers = {"200": _answer("The models and aliases that the key allows.", name_of(jobs.Models))}

    return _plain("List models", "Gateway", answers, failures.CALLER)


def _openrouter_models() -> Operation:
    answer = _answer("The models and aliases that the key allows.", name_of(jobs.OpenRouterModels))
    failed = _failed([(name_of(OpenRouterError), _codes(failures.MODELS, openrouter))])

    return {
        "tags": ["Gateway"],
        "summary": "List models, as OpenRouter does",
        "parameters": [*management.MODELS],
        "responses": {"200": answer, **failed},
    }


def _model() -> Operation:
    answers = {"200": _answer("What is known of it.", name_of(jobs.Model))}

    return _plain("See what a model takes and costs", "Gateway", answers, failures.MODEL, parameters=[parts.MODEL_ID])


def _submit() -> Operation:
    headers = ("location", "retry-after", "x-gateway-warnings", "x-gateway-config")

    return _plain(
        "Submit a job",
        "Jobs",
        {"202": _answer("The job is taken on.", name_of(jobs.SubmittedJob), headers=headers) | {"links": _LINKS}},
        failures.SUBMISSION,
        parameters=[parts.IDEMPOTENCY_KEY, parts.TTL, parts.WEBHOOK],
        requestBody=_body([APIS["native"]]),
    )


def _poll() -> Operation:
    answers = _seen() | {
        "202": _answer("The job is on its way.", name_of(jobs.UnfinishedJob), headers=("retry-after",)),
    }

    return _plain("See how a job is doing", "Jobs", answers, failures.POLL, parameters=[parts.JOB_ID, parts.WAIT])


def _list_jobs() -> Operation:
    answers = {"200": _answer("The newest first.", name_of(jobs.JobList))}

    return _plain("List jobs", "Jobs", answers, failures.JOB_LIST, parameters=[*parts.JOB_PART])


def _cancel() -> Operation:
    return _plain("Cancel a job", "Jobs", _seen(), failures.CANCELLATION, parameters=[parts.JOB_ID])


def _seen() -> dict[str, Any]:
    return {"200": _answer("The job is finished.", name_of(jobs.FinishedJob))}


TEI_INFO = ("Describe the gateway to TEI's clients", jobs.TeiInfo, (*failures.WHATEVER, Unavailable("")))
JOB = "/v1/async/rerank/{id}"
_LINKS = {
    link: {"operationId": _name(f"{method} {JOB}"), "parameters": {"id": "$response.body#/id"}}
    for link, method in (("poll", "GET"), ("cancel", "DELETE"))
}
OTHERS: Mapping[str, Callable[[], Operation]] = {
    "GET /openapi.json": _openapi,
    "GET /health": _health,
    "GET /info": partial(_told, *TEI_INFO),
    "GET /tei/info": partial(_told, *TEI_INFO),
    "GET /v1/cluster/auth": partial(
        _told, "Say to Xinference's clients that a key is wanted", jobs.ClusterAuth, failures.WHATEVER
    ),
    "GET /weaviate/meta": partial(_told, "Describe the gateway to Weaviate", jobs.WeaviateMeta, failures.WHATEVER),
    "GET /weaviate/.well-known/ready": _ready,
    "GET /v1/health": _target_health,
    "GET /v1/models": _models,
    "GET /api/v1/models": _openrouter_models,
    "GET /v1/models/{id+}": _model,
    "POST /v1/async/rerank": _submit,
    "GET /v1/async/rerank": _list_jobs,
    f"GET {JOB}": _poll,
    f"DELETE {JOB}": _cancel,
}
