"""The OpenAPI document: fresh, valid, whole, and true of every error that there is."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from openapi_spec_validator import validate

from functions.rerank.app import handler
from local.cloudformation.template import Template
from rerank_gateway.apis import native_jobs
from rerank_gateway.apis.shared import bifrost_error
from rerank_gateway.apis.shared.http_error import HttpError
from rerank_gateway.domain.jobs.job import Job, Outcome
from rerank_gateway.entry.http.handler import HttpHandler
from rerank_gateway.entry.http.request import HttpRequest
from rerank_gateway.entry.http.response import HttpResponse
from rerank_gateway.entry.http.route import Route
from rerank_gateway.entry.routes.catch_all import KEY as CATCH_ALL
from rerank_gateway.entry.routes.openapi import DOCUMENT
from tests.documented import CLOSED, must_be_documented
from tests.fakes import FakeContext, FakeInvocation
from tests.functions.gateway import event
from tools.openapi import failures
from tools.openapi.document import ROUTES, text
from tools.openapi.operations import MANAGED

TEMPLATE = Template.read(Path(__file__).parents[1] / "template.yaml")
UNASKED = {
    "GET /health",
    "GET /openapi.json",
    "GET /info",
    "GET /tei/info",
    "GET /v1/cluster/auth",
    "GET /weaviate/meta",
    "GET /weaviate/.well-known/ready",
}
"""What nobody needs a key for."""
OTHERS = {
    "GET /v1/models": failures.CALLER,
    "GET /api/v1/models": failures.MODELS,
    "GET /v1/health": failures.TARGET_HEALTH,
    "GET /v1/models/{id+}": failures.MODEL,
    "POST /v1/async/rerank": failures.SUBMISSION,
    "GET /v1/async/rerank": failures.JOB_LIST,
    "GET /v1/async/rerank/{id}": failures.POLL,
    "DELETE /v1/async/rerank/{id}": failures.CANCELLATION,
}
JOB = Job(id="1", owner="a", fingerprint="", created_at=1e9, expires_at=2e9)
CANCELLED = bifrost_error.render_error(HttpError(status=499, kind="a", code="b", message="c", request_id="d"))


def test_it_is_up_to_date() -> None:
    """
    What is checked in is what `make openapi` writes.
    """
    assert DOCUMENT.read_text("utf-8") == text()


def test_it_is_valid() -> None:
    """
    It is an OpenAPI document.
    """
    validate(json.loads(DOCUMENT.read_text("utf-8")))


def test_it_has_each_route_and_no_other() -> None:
    """
    What API Gateway lets in is what the document has.
    """
    documented = {f"{method.upper()} {path}" for path, item in CLOSED["paths"].items() for method in item}

    assert documented == {route.replace("+}", "}") for function in TEMPLATE.functions for route in function.routes} - {
        CATCH_ALL
    }


def test_it_is_served_to_whoever_asks() -> None:
    """
    The document is no secret, and has none: it takes no key.
    """
    sent = event("health") | {"routeKey": "GET /openapi.json", "headers": {}}

    reply = handler(sent, FakeContext())

    assert json.loads(reply["body"]) == json.loads(DOCUMENT.read_text("utf-8"))


@pytest.mark.parametrize("key", sorted(ROUTES))
def test_each_error_is_documented(key: str) -> None:
    """
    Whatever goes wrong on a route, the document has its status, its headers and its body.
    """
    sent = event("rerank") | {"routeKey": key}

    for error in _errors(key):
        respond = HttpHandler({key: Route(_raising(error), ROUTES[key].api)}, FakeInvocation())

        must_be_documented(key, respond(sent, FakeContext()))


def _errors(key: str) -> tuple[Exception, ...]:
    if key in UNASKED:
        return failures.WHATEVER
    if key in MANAGED:
        return tuple(MANAGED[key].errors)

    return OTHERS.get(key, failures.RANKING)


def _raising(error: Exception) -> Any:
    def run(_: HttpRequest) -> HttpResponse:
        raise error

    return run


@pytest.mark.parametrize(
    ("status", "job"),
    [(202, JOB), (200, JOB.finished(Outcome(499, json.dumps(CANCELLED).encode()), now=1e9))],
    ids=["on its way", "failed"],
)
def test_each_poll_is_documented(status: int, job: Job) -> None:
    """
    A job looks as documented, on its way and failed.
    """
    key = "GET /v1/async/rerank/{id}"
    route = Route(lambda _: HttpResponse(status, native_jobs.render_job(job)), ROUTES[key].api)

    must_be_documented(key, HttpHandler({key: route}, FakeInvocation())(event("poll"), FakeContext()))
