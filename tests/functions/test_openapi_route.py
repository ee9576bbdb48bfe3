"""The OpenAPI document, as strangers get it."""

from __future__ import annotations

from base64 import b64decode
from gzip import decompress

import functions.rerank.app
from rerank_gateway.entry.routes.openapi import DOCUMENT
from tests.fakes import FakeContext
from tests.functions.gateway import event


def get(encoding: str) -> dict[str, object]:
    request = event("health") | {"routeKey": "GET /openapi.json"}
    request["headers"]["accept-encoding"] = encoding

    return functions.rerank.app.handler(request, FakeContext())


def test_it_is_compressed_for_who_can_read_that() -> None:
    """
    Anyone may ask for it, and its traffic is the operator's to pay.
    """
    plain, packed = get("identity"), get("gzip, deflate, br")

    assert plain["body"] == DOCUMENT.read_text("utf-8")
    assert packed["isBase64Encoded"] is True
    assert decompress(b64decode(str(packed["body"]))) == DOCUMENT.read_bytes()
    assert len(str(packed["body"])) < len(str(plain["body"])) / 4


def test_it_may_be_cached() -> None:
    """
    It changes with a deployment only.
    """
    for encoding in ("identity", "gzip"):
        headers = get(encoding)["headers"]
        assert isinstance(headers, dict)
        assert (headers["cache-control"], headers["vary"]) == ("public, max-age=3600", "accept-encoding")
