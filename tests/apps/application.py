"""An application that sends its own bytes, and reads the answer with the types that its code expects."""

from __future__ import annotations

import json
from base64 import b64encode
from copy import deepcopy
from typing import Any, TypeVar
from urllib.parse import urlsplit

import functions.rerank.app
from tests.fakes import FakeContext
from tests.functions.gateway import Response, event, to_response

T = TypeVar("T")
BEARER = {"authorization": "Bearer sk-local"}
DEFAULT = '[aliases.default]\ntargets = ["local/bm25"]'
"""An operator who has thought of applications that name no model."""
QUERY = "What is the capital of the United States?"
CARSON = "Carson City is the capital city of the American state of Nevada."
WASHINGTON = "Washington, D.C. is the capital of the United States."
DOCUMENTS = [CARSON, WASHINGTON]


def post(url: str, body: bytes, **headers: str) -> Response:
    """
    What an application gets for *body* at *url*. A key in the address becomes HTTP Basic, as in Python's requests, in
    Go and in axios.
    """
    address = urlsplit(url)
    request = deepcopy(event("rerank"))
    basic = b64encode(f"{address.username}:{address.password}".encode()).decode()
    sent = {"content-type": "application/json"} | ({"authorization": f"Basic {basic}"} if address.username else {})
    key = f"POST {address.path}"
    request["routeKey"] = key if key in functions.rerank.app.ROUTES else "$default"
    request["rawPath"] = request["requestContext"]["http"]["path"] = address.path
    request["headers"] = sent | {name.replace("_", "-"): value for name, value in headers.items()}
    request["body"] = body.decode()

    return to_response(functions.rerank.app.handler(request, FakeContext()))


def sent_by_requests(payload: Any) -> bytes:
    """*payload* as Python's requests and json write it."""
    return json.dumps(payload).encode()


def sent_by_javascript(payload: Any) -> bytes:
    """*payload* as JSON.stringify writes it."""
    return json.dumps(payload, separators=(",", ":"), ensure_ascii=False).encode()


def strictly(kind: type[T], value: Any) -> T:
    """*value*, which must be of just this *kind*: 1 is no double, and null is nothing."""
    assert type(value) is kind, f"{value!r} is no {kind.__name__}"
    typed: T = value

    return typed
