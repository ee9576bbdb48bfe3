"""From an event's body to the bytes that were meant."""

from __future__ import annotations

import gzip
from base64 import b64encode
from typing import Any

import pytest

from rerank_gateway.domain.errors import InvalidRequest, TooLarge, UnsupportedMedia
from rerank_gateway.entry.http.body import MAX_INFLATED_BYTES
from rerank_gateway.entry.http.request import HttpRequest
from tests.fakes import within

JSON = b'{"query": "\xc3\xa9t\xc3\xa9"}'


def body_of(event: dict[str, Any]) -> bytes:
    return HttpRequest.of({"requestContext": {"requestId": "r"}, **event}, deadline=within(0.0)).body()


def event(body: bytes, *, encoded: bool = True, **headers: str) -> dict[str, Any]:
    text = b64encode(body).decode() if encoded else body.decode()

    return {
        "headers": {name.replace("_", "-"): v for name, v in headers.items()},
        "body": text,
        "isBase64Encoded": encoded,
    }


@pytest.mark.parametrize(
    "event_with_body",
    [
        pytest.param(event(JSON, encoded=False), id="text"),
        pytest.param(event(JSON), id="base64"),
        pytest.param(event(gzip.compress(JSON), content_encoding="gzip"), id="gzip"),
        pytest.param(
            event(gzip.compress(JSON[:5]) + gzip.compress(JSON[5:]), content_encoding="GZIP "), id="two gzips"
        ),
        pytest.param(
            event(JSON, content_encoding="identity", content_type="application/json; charset=utf-8"), id="charset"
        ),
        pytest.param(event(JSON, content_type="application/vnd.api+json"), id="another json"),
        pytest.param(event(gzip.compress(JSON), Content_Encoding="gzip"), id="a header as the client wrote it"),
    ],
)
def test_the_body_comes_out_as_it_was_meant(event_with_body: dict[str, Any]) -> None:
    """
    However it was wrapped, the JSON is the same to the byte.
    """
    assert body_of(event_with_body) == JSON


def test_no_body_is_an_empty_one() -> None:
    """
    API Gateway leaves `body` and even `headers` out when there is none.
    """
    assert body_of({}) == b""


def test_a_small_bomb_does_not_go_off() -> None:
    """
    A few kilobytes of gzip that would inflate beyond the cap are too large, and are not inflated further.
    """
    bomb = gzip.compress(b" " * (MAX_INFLATED_BYTES + 1))

    with pytest.raises(TooLarge):
        body_of(event(bomb, content_encoding="gzip"))


@pytest.mark.parametrize(
    "broken",
    [
        pytest.param(b"no gzip", id="no gzip"),
        pytest.param(gzip.compress(JSON)[:-9], id="cut off"),
        pytest.param(gzip.compress(JSON) + b"rest", id="something after it"),
    ],
)
def test_broken_gzip_is_a_bad_request(broken: bytes) -> None:
    """
    What cannot be inflated to the end is refused.
    """
    with pytest.raises(InvalidRequest, match="gzip"):
        body_of(event(broken, content_encoding="gzip"))


def test_broken_base64_is_a_bad_request() -> None:
    """
    An event made by hand may lie about its encoding.
    """
    with pytest.raises(InvalidRequest, match="base64"):
        body_of({"body": "{}", "isBase64Encoded": True})


@pytest.mark.parametrize(
    "headers",
    [
        {"content_type": "text/plain"},
        {"content_type": "application/x-www-form-urlencoded"},
        {"content_encoding": "br"},
        {"content_encoding": "gzip, gzip"},
    ],
)
def test_a_form_that_nobody_reads_here_is_unsupported(headers: dict[str, Any]) -> None:
    """
    The message names the header.
    """
    with pytest.raises(UnsupportedMedia, match="Content-"):
        body_of(event(JSON, **headers))
