"""Pages of other origins, as browsers ask on their behalf."""

from __future__ import annotations

import json
from importlib import import_module
from typing import Any

import pytest

from tests.fakes import FakeContext
from tests.functions.conftest import Configure
from tests.functions.gateway import Response, event, rerank, to_response

PAGE, OTHER = "https://app.example.com", "https://other.example.com"
FUNCTIONS = {"rerank": "rerank", "submit": "submit", "poll": "status"}
WANTED = "authorization, content-type, x-stainless-os"


def preflight(origin: str = PAGE, **headers: str) -> dict[str, Any]:
    """What the rerank function returns to a browser that asks for a page at *origin*."""
    request = event("wrong_address")
    request["requestContext"]["http"] |= {"method": "OPTIONS", "path": "/v1/rerank"}
    asked = {"access-control-request-method": "POST", "access-control-request-headers": WANTED, **headers}
    request["headers"] = {name: value for name, value in {"origin": origin, **asked}.items() if value}

    return invoke("rerank", request)


def invoke(function: str, request: dict[str, Any]) -> dict[str, Any]:
    returned: dict[str, Any] = import_module(f"functions.{function}.app").handler(request, FakeContext(29_000))

    return returned


def cors(response: Response | dict[str, Any]) -> dict[str, str]:
    headers = response["headers"] if isinstance(response, dict) else response.headers

    return {name: value for name, value in headers.items() if name.startswith("access-control-")}


def test_a_preflight_is_answered_for_the_operators_origins(configure: Configure) -> None:
    """
    Without a key, which browsers do not send along, and without a body.
    """
    configure(CORS_ORIGINS=f"{PAGE}, http://localhost:3000/")

    returned = preflight()

    assert (returned["statusCode"], returned["body"]) == (204, "")
    assert returned["headers"]["vary"] == "origin"
    assert cors(returned) == {
        "access-control-allow-origin": PAGE,
        "access-control-allow-methods": "GET, POST, DELETE",
        "access-control-allow-headers": WANTED,
        "access-control-max-age": "86400",
        "access-control-expose-headers": cors(returned)["access-control-expose-headers"],
    }
    assert cors(preflight("http://localhost:3000"))["access-control-allow-origin"] == "http://localhost:3000"


@pytest.mark.parametrize(
    ("origins", "origin"), [("", PAGE), (PAGE, OTHER), (PAGE, "null"), (PAGE, PAGE + ".evil.example"), (PAGE, "")]
)
def test_nobody_else_is_let_in(configure: Configure, origins: str, origin: str) -> None:
    """
    The answer is the one that anybody gets at an address without that method.
    """
    configure(CORS_ORIGINS=origins)

    returned = preflight(origin)

    assert (returned["statusCode"], cors(returned)) == (405, {})


def test_a_page_can_read_an_answer_and_its_headers(configure: Configure) -> None:
    """
    An error's, too: otherwise a page would see no more than that the network failed.
    """
    configure(CORS_ORIGINS=PAGE)

    answers = [rerank(headers={"origin": PAGE}), rerank(headers={"origin": PAGE, "authorization": "Bearer x"})]

    assert [answer.status for answer in answers] == [200, 401]
    for answer in answers:
        readable = cors(answer)["access-control-expose-headers"].split(", ")
        assert cors(answer)["access-control-allow-origin"] == PAGE
        assert {"x-request-id", "x-rerank-cost", "x-gateway-warnings", "retry-after"} <= set(readable)
    assert cors(rerank()) == cors(rerank(headers={"origin": OTHER})) == {}


@pytest.mark.parametrize("name", FUNCTIONS)
def test_every_function_lets_pages_read(configure: Configure, name: str) -> None:
    """
    Jobs are submitted and polled from pages as well.
    """
    configure(CORS_ORIGINS="*")
    request = event(name)
    request["headers"] = {"origin": PAGE}

    returned = invoke(FUNCTIONS[name], request)

    assert to_response(returned).status == 401
    assert cors(returned)["access-control-allow-origin"] == "*"


def test_what_a_browser_asks_for_cannot_break_a_header(configure: Configure) -> None:
    """
    Names of headers and nothing else are given back.
    """
    configure(CORS_ORIGINS="*")

    headers = cors(preflight(**{"access-control-request-headers": "a\r\nset-cookie: b, x-c"}))

    assert headers["access-control-allow-headers"] == "aset-cookie b, x-c"
    assert json.loads(json.dumps(headers)) == headers


def test_a_request_for_options_that_is_no_preflight_is_none(configure: Configure) -> None:
    """
    It is answered as ever.
    """
    configure(CORS_ORIGINS="*")

    returned = preflight(**{"access-control-request-method": ""})

    assert returned["statusCode"] == 405
