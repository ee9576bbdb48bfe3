"""Bodies that are gzip."""

from __future__ import annotations

import gzip
import json
import zlib
from base64 import b64encode
from typing import Any

import pytest

from functions.rerank.app import ROUTES as RERANK_ROUTES
from functions.submit.app import ROUTES as SUBMIT_ROUTES
from functions.submit.app import handler as submit
from tests.fakes import FakeContext
from tests.functions.gateway import event, invoke, to_response

TEXTS = {"query": "green apples", "texts": ["red pears", "green apples"]}


def zipped(body: Any, route: str) -> dict[str, Any]:
    """The event of a request with *body* as gzip."""
    request = event("rerank")
    headers = request["headers"] | {"content-encoding": "gzip"}
    content = b64encode(gzip.compress(json.dumps(body).encode())).decode()

    # Of the routes with a place for a model: no other address there is one.
    path = {"pathParameters": {"model": "nvidia/m/reranking"}}

    return request | path | {"routeKey": route, "headers": headers, "body": content, "isBase64Encoded": True}


@pytest.mark.parametrize("route", [route for route in (*RERANK_ROUTES, *SUBMIT_ROUTES) if route.startswith("POST")])
def test_a_strangers_gzip_is_left_packed(route: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """
    Without a key nobody has the gateway unpack anything, on whichever route: the cheap check comes first.
    """
    unpacked: list[int] = []
    monkeypatch.setattr(zlib, "decompressobj", unpacked.append)
    request = zipped(TEXTS, route)
    del request["headers"]["authorization"]

    response = to_response(submit(request, FakeContext())) if route in SUBMIT_ROUTES else invoke(request)

    assert (response.status, unpacked) == (401, [])


def test_texts_are_found_in_gzip() -> None:
    """
    Where clients of TEI and of the native API meet, the body tells them apart, packed or not.
    """
    response = invoke(zipped(TEXTS, "POST /rerank"))

    assert (response.status, [row["index"] for row in response.json]) == (200, [1, 0])


def test_what_is_packed_otherwise_is_no_gzip() -> None:
    """
    A body is what its header says, or the caller hears that it is not.
    """
    request = zipped(TEXTS, "POST /rerank")
    request["body"] = b64encode(zlib.compress(json.dumps(TEXTS).encode())).decode()

    assert invoke(request).status == 400
