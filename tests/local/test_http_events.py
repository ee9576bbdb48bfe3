"""HTTP into events and replies into HTTP, as API Gateway does it."""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from local.http.events import RequestContext, to_http_event, to_http_response
from local.http.messages import Headers, Request

EVENTS = Path(__file__).parents[2] / "events"
ADDED = ("x-amzn-trace-id", "x-forwarded-for", "x-forwarded-port", "x-forwarded-proto")
CONTEXT = RequestContext(time=datetime(2026, 11, 20, 12, tzinfo=UTC))


def recorded(name: str) -> dict[str, Any]:
    event: dict[str, Any] = json.loads((EVENTS / f"{name}.json").read_text("utf-8"))

    return event


def sent(event: dict[str, Any]) -> Request:
    """The request behind a recorded *event*."""
    return Request(
        method=event["requestContext"]["http"]["method"],
        target=event["rawPath"],
        headers=[(name.title(), value) for name, value in event["headers"].items() if name not in ADDED],
        body=event.get("body", "").encode(),
        scheme="https",
        port=443,
        source_ip="203.0.113.7",
    )


def without_names(event: dict[str, Any]) -> dict[str, Any]:
    """*event* without what is another one's each time."""
    context = {name: value for name, value in event["requestContext"].items() if name not in ("apiId", "requestId")}
    headers = {name: value for name, value in event["headers"].items() if name != "x-amzn-trace-id"}

    return {**event, "requestContext": context, "headers": headers}


def event(headers: Headers = (), body: bytes = b"", target: str = "/v1/rerank") -> dict[str, Any]:
    request = Request(method="POST", target=target, headers=headers, body=body)

    return to_http_event(request, "POST /v1/rerank", {}, CONTEXT)


@pytest.mark.parametrize("name", ["rerank", "models", "health"])
def test_a_request_becomes_the_event_that_lambda_gets(name: str) -> None:
    """
    The requests behind our recorded events come out as these events, but for ids.
    """
    wanted = recorded(name)

    made = to_http_event(sent(wanted), wanted["routeKey"], {}, CONTEXT)

    assert without_names(wanted) == without_names(made)


def test_every_event_has_a_name_of_its_own() -> None:
    """
    Two requests are never taken for one.
    """
    first, second = RequestContext(), RequestContext()

    assert first.request_id != second.request_id


def test_what_comes_twice_is_joined() -> None:
    """
    Headers and query parameters of one name become one, their values joined by commas.
    """
    made = event([("X-Tag", "a"), ("x-tag", "b")], target="/v1/rerank?a=1&b=%C3%A9&a=2&c=")

    assert made["headers"]["x-tag"] == "a,b"
    assert made["rawQueryString"] == "a=1&b=%C3%A9&a=2&c="
    assert made["queryStringParameters"] == {"a": "1,2", "b": "é", "c": ""}


def test_cookies_have_a_place_of_their_own() -> None:
    """
    Cookies are a list, and no header.
    """
    made = event([("Cookie", "a=1; b=2"), ("cookie", "c=3")])

    assert made["cookies"] == ["a=1", "b=2", "c=3"]
    assert "cookie" not in made["headers"]


def test_a_chunked_body_arrives_with_its_length() -> None:
    """
    How the bytes travelled is not the function's business; how many they are is.
    """
    made = event([("Transfer-Encoding", "chunked"), ("Connection", "keep-alive")], b"1234")

    assert {"content-length", *ADDED} == made["headers"].keys()
    assert made["headers"]["content-length"] == "4"


def test_the_path_comes_decoded() -> None:
    """
    Percent signs do not reach the function.
    """
    made = event(target="/v1/caf%C3%A9")

    assert "/v1/café" == made["rawPath"] == made["requestContext"]["http"]["path"]


@pytest.mark.parametrize(
    "kind", ["application/json", "application/json; charset=utf-8", "TEXT/plain", "application/xml"]
)
def test_texts_stay_texts(kind: str) -> None:
    """
    A body that says it is text, and is, can be read in the event.
    """
    made = event([("Content-Type", kind)], "café".encode())

    assert (made["body"], made["isBase64Encoded"]) == ("café", False)


@pytest.mark.parametrize(
    "headers",
    [
        [],
        [("Content-Type", "application/octet-stream")],
        [("Content-Type", "application/x-www-form-urlencoded")],
        [("Content-Type", "application/json"), ("Content-Encoding", "gzip")],
    ],
)
def test_what_is_not_text_goes_as_base64(headers: Headers) -> None:
    """
    Other and compressed bodies arrive byte by byte.
    """
    made = event(headers, b'{"a": 1}')

    assert made["isBase64Encoded"]
    assert b64decode(made["body"]) == b'{"a": 1}'


def test_what_only_says_it_is_text_goes_as_base64() -> None:
    """
    A body that is no UTF-8 arrives byte by byte, too.
    """
    made = event([("Content-Type", "application/json")], b"\xff\xfe")

    assert made["isBase64Encoded"]
    assert b64decode(made["body"]) == b"\xff\xfe"


def test_a_reply_becomes_a_response() -> None:
    """
    Status, headers, cookies and text are what the function said.
    """
    reply = {"statusCode": 202, "headers": {"retry-after": 5}, "cookies": ["a=1", "b=2"], "body": "café"}

    response = to_http_response(reply)

    assert (202, "café".encode()) == (response.status, response.body)
    assert response.headers == [("retry-after", "5"), ("set-cookie", "a=1"), ("set-cookie", "b=2")]


def test_a_reply_may_be_bytes() -> None:
    """
    What a function replies in base64 leaves as bytes.
    """
    response = to_http_response({"statusCode": 200, "body": b64encode(b"\0\xff").decode(), "isBase64Encoded": True})

    assert response.body == b"\0\xff"
