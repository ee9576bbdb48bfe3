"""Addresses that have no route: what was meant is answered, and the rest says where to go."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest

import functions.admin.app
import functions.batches.app
import functions.status.app
import functions.submit.app
from rerank_gateway.entry import observability
from rerank_gateway.entry.routes.base_urls import BASE_URLS
from rerank_gateway.entry.routes.catch_all import OTHER_ROUTES
from tests.functions.gateway import LEAST, Response, event, invoke
from tools.openapi.document import ROUTES


def ask(method: str, path: str, *, key: str = "Bearer sk-local", body: Any = LEAST) -> Response:
    """What is answered at *path*, which API Gateway has no route for."""
    request = event("wrong_address")
    request["requestContext"]["http"] |= {"method": method, "path": path}
    request["headers"]["authorization"] = key

    return invoke(request | {"rawPath": path, "body": json.dumps(body)})


@pytest.mark.parametrize(
    ("path", "field"),
    [
        ("/v1/rerank/", "extra_fields"),
        ("//v1//rerank", "extra_fields"),
        ("/v1/v1/rerank", "extra_fields"),
        ("/rerank/", "extra_fields"),
        ("/v2/rerank/", "meta"),
        ("/v1/v2/rerank", "meta"),
        ("/api/v1/v1/rerank", "provider"),
        ("/voyage/v1/v1/rerank", "data"),
        ("/infinity/v1/rerank", "created"),
    ],
)
def test_a_slash_or_a_v1_too_many_is_answered_as_without_it(path: str, field: str) -> None:
    """
    In the API of the address that was meant.
    """
    response = ask("POST", path)

    assert response.status == 200
    assert field in response.json


def test_what_follows_a_placeholder_s_name_is_its_value() -> None:
    """
    With all its slashes, but for the last one.
    """
    response = ask("GET", "/v1/models/local/bm25/")

    assert (response.status, response.json["id"]) == (200, "local/bm25")
    assert ask("GET", "/v1/models/").json["object"] == "list"


@pytest.mark.parametrize(
    ("method", "path"), [("POST", "/v1/rerank/"), ("GET", "/v1/v1/models"), ("POST", "/v2/rerank/")]
)
def test_a_key_is_wanted_there_as_well(method: str, path: str) -> None:
    """
    Another spelling is no way around anything.
    """
    assert ask(method, path, key="").status == 401


@pytest.mark.parametrize(
    ("path", "body"),
    [
        (
            "/v2/v2/rerank",
            {
                "id": "TzP0_jZ4DoEEMQg=",
                "message": "no such address: the nearest is POST /v2/rerank; Cohere's base URL is URL without /v2",
            },
        ),
        (
            "/voyage/rerank",
            {"detail": "no such address: the nearest is POST /voyage/v1/rerank; Voyage's base URL is URL/voyage/v1"},
        ),
        (
            "/openrouter/v1/rerank",
            {
                "error": {
                    "code": 404,
                    "message": "no such address: the nearest is POST /openrouter/api/v1/rerank; "
                    "OpenRouter's base URL is URL/api/v1",
                }
            },
        ),
    ],
)
def test_a_wrong_address_says_the_right_one(path: str, body: Any) -> None:
    """
    In the shape of the API that it looks like, with its base URL, and without asking for a key.
    """
    response = ask("POST", path, key="")

    assert (response.status, response.json) == (404, body)


@pytest.mark.parametrize("path", ["/", "/v1/chat/completions", "/docs", "/v1" * 3_000, "/é\n", ""])
def test_what_looks_like_nothing_is_told_of_the_main_address(path: str) -> None:
    """
    However long or strange it is.
    """
    response = ask("GET", path)

    assert (response.status, response.json["error"]["code"]) == (404, "unknown_address")
    assert "POST /v1/rerank, and GET /openapi.json" in response.json["message"]
    assert len(response.text) < 1_000


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("GET", "/v1/rerank", "POST"),
        ("PUT", "/v1/v1/rerank", "POST"),
        ("POST", "/v1/models", "GET"),
        ("DELETE", "/v1/async/rerank", "GET, POST"),
        ("POST", "/v1/async/rerank/1", "DELETE, GET"),
    ],
)
def test_another_method_is_405_with_those_that_there_are(method: str, path: str, allowed: str) -> None:
    """
    Also where another function has them.
    """
    response = ask(method, path)

    assert (response.status, response.headers["allow"]) == (405, allowed)
    assert response.json["error"]["code"] == "wrong_method"


def test_a_job_s_address_is_named() -> None:
    """
    Another function answers there, so that this one cannot.
    """
    response = ask("POST", "/v1/async/rerank/")

    assert response.status == 404
    assert response.json["message"] == "no such address: the nearest is POST /v1/async/rerank"


def test_who_got_lost_costs_one_short_line(monkeypatch: pytest.MonkeyPatch) -> None:
    """
    Without metrics and without what was sent; what was meant is logged as if it had been said.
    """
    monkeypatch.setattr(observability.logger.registered_handler, "stream", log := io.StringIO())

    ask("POST", "/secret-address")
    ask("GET", "/v1/rerank")
    ask("POST", "/v1/rerank/")

    lost, wrong, meant = [json.loads(line) for line in log.getvalue().splitlines()]
    assert (lost["message"], lost["status"], lost["nearest"]) == ("address_refused", 404, "POST /v1/rerank")
    assert (wrong["message"], wrong["status"], wrong["nearest"]) == ("address_refused", 405, "POST /v1/rerank")
    assert not {"_aws", "attempts"} & (lost.keys() | wrong.keys())
    assert (meant["message"], meant["route"]) == ("request_answered", "POST /v1/rerank")
    assert "secret" not in log.getvalue()


def test_all_addresses_are_known() -> None:
    """
    Those of the other functions are there as they are, and each that ranks has a word about its base URL.
    """
    others = (functions.submit.app, functions.status.app, functions.admin.app, functions.batches.app)

    assert {key for app in others for key in app.ROUTES} == set(OTHER_ROUTES)
    assert {key for key in ROUTES if key.startswith("POST ")} - set(OTHER_ROUTES) == set(BASE_URLS)
