"""The whole gateway on one machine, over HTTP."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from hashlib import sha256
from http.client import HTTPConnection
from typing import Any

import httpx
import pytest

from tests.local.conftest import Gateway, client_of

QUESTION = {"model": "local/bm25", "query": "green apples", "documents": ["red pears", "green apples", "an apple"]}
JSON = {"content-type": "application/json"}


@pytest.fixture
def caller(gateway: Gateway) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=gateway.url, headers=gateway.authorization, trust_env=False) as caller:
        yield caller


@pytest.fixture
def dynamodb(gateway: Gateway) -> Iterator[Any]:
    with closing(client_of("dynamodb", gateway.aws)) as client:
        yield client


def order(reply: httpx.Response) -> list[int]:
    return [result["index"] for result in reply.json()["results"]]


def test_it_is_ready_when_it_says_so(gateway: Gateway, caller: httpx.Client) -> None:
    """
    Once the banner is there, the gateway is healthy. Nothing is told of before.
    """
    reply = caller.get("/health")

    assert reply.status_code == 200
    assert gateway.banner.startswith("\nThe rerank gateway listens.")


def test_the_command_in_the_banner_works(gateway: Gateway) -> None:
    """
    Whoever pastes the banner's command sees two documents, the better one first, and the request's id.
    """
    _, url, _, authorization, _, content_type, _, body = gateway.curl
    headers = dict(header.split(": ") for header in (authorization, content_type))

    reply = httpx.post(url, content=body, headers=headers, trust_env=False)

    assert order(reply) == [1, 2]
    assert "330 metres" in reply.json()["results"][0]["document"]["text"]
    assert reply.headers["x-request-id"]


def test_a_wrong_key_is_turned_away(caller: httpx.Client) -> None:
    """
    A key that is neither the first one nor in the embedded table is not known.
    """
    reply = caller.post("/v1/rerank", json=QUESTION, headers={"authorization": "Bearer sk-wrong"})

    assert (reply.status_code, reply.json()["error"]["code"]) == (401, "virtual_key_not_found")


def test_an_address_without_a_route_says_the_right_one(caller: httpx.Client) -> None:
    """
    The function behind the default route has every request that no other route has, and answers what it can.
    """
    lost, meant = caller.post("/v2/v2/rerank", json=QUESTION), caller.post("/v1/v1/rerank/", json=QUESTION)

    assert (lost.status_code, "POST /v2/rerank" in lost.json()["message"]) == (404, True)
    assert (meant.status_code, meant.json()["object"]) == (200, "list")


@pytest.mark.parametrize("method", ["GET", "TRACE", "OPTIONS", "PUT", "PATCH", "DELETE", "PROPFIND"])
def test_methods_without_a_route_are_not_allowed(caller: httpx.Client, method: str) -> None:
    """
    However uncommon they are.
    """
    reply = caller.request(method, "/v1/rerank")

    assert (reply.status_code, reply.headers["allow"]) == (405, "POST")


def test_a_response_to_head_has_no_body(gateway: Gateway) -> None:
    """
    HEAD gets the headers of a response, and the next one follows on the same connection.
    """
    with closing(HTTPConnection(gateway.url.removeprefix("http://"))) as connection:
        connection.request("HEAD", "/nowhere")
        head = connection.getresponse()
        body = head.read()

        connection.request("GET", "/nowhere")

        assert (head.status, body) == (404, b"")
        assert len(connection.getresponse().read()) == int(head.headers["content-length"]) > 0


def test_a_body_may_come_in_chunks(caller: httpx.Client) -> None:
    """
    A caller need not know how long its body will be.
    """
    pieces = (bytes([byte]) for byte in json.dumps(QUESTION).encode())

    reply = caller.post("/v1/rerank", content=pieces, headers=JSON)

    assert order(reply) == [1, 2, 0]


def test_a_body_may_be_compressed(caller: httpx.Client) -> None:
    """
    A gzip body arrives as the bytes that were sent, and the function inflates it.
    """
    compressed = gzip.compress(json.dumps(QUESTION).encode())

    reply = caller.post("/v1/rerank", content=compressed, headers={**JSON, "content-encoding": "gzip"})

    assert order(reply) == [1, 2, 0]


def test_a_body_has_a_largest_size(caller: httpx.Client) -> None:
    """
    What is larger than API Gateway takes is refused in its words.
    """
    too_much = b" " * (10 * 1024 * 1024 + 1)

    reply = caller.post("/v1/rerank", content=too_much, headers=JSON)

    assert (reply.status_code, reply.text) == (413, '{"message":"Request Entity Too Large"}')


@pytest.mark.parametrize("head", [b"content-length: two\r\n\r\n", b"transfer-encoding: chunked\r\n\r\ntwo\r\n"])
def test_a_body_without_an_end_is_refused(gateway: Gateway, head: bytes) -> None:
    """
    Where it cannot be told how long a body is, the answer is 400 and the connection ends.
    """
    with gateway.connection() as connection, connection.makefile("rb") as replies:
        connection.sendall(b"POST /v1/rerank HTTP/1.1\r\n" + head)

        reply = replies.read()

    assert b" 400 Bad Request\r\n" in reply


def test_a_connection_is_kept(gateway: Gateway) -> None:
    """
    A second request takes the same connection.
    """
    with closing(HTTPConnection(gateway.url.removeprefix("http://"))) as connection:
        connection.request("GET", "/health")
        connection.getresponse().read()
        first = connection.sock

        connection.request("GET", "/nowhere")

        assert connection.getresponse().status == 404
        assert connection.sock is first


def test_a_slow_caller_keeps_nobody_waiting(gateway: Gateway, caller: httpx.Client) -> None:
    """
    Many requests are answered while another one's body is still on its way.
    """
    with gateway.connection() as slow:
        slow.sendall(b"POST /v1/rerank HTTP/1.1\r\ncontent-length: 100\r\n\r\n{")

        with ThreadPoolExecutor(16) as callers:
            replies = list(callers.map(lambda _: caller.post("/v1/rerank", json=QUESTION), range(32)))

    assert [order(reply) for reply in replies] == [[1, 2, 0]] * 32


def test_a_virtual_key_is_a_record_in_the_embedded_table(caller: httpx.Client, dynamodb: Any) -> None:
    """
    Whoever puts a record into the table that the banner leads to has made a key.
    """
    record = {"id": {"S": "vk-1"}, "name": {"S": "search team"}, "models": {"L": [{"S": "local/*"}]}}
    dynamodb.put_item(TableName="KeysTable", Item={"key_hash": {"S": sha256(b"sk-team").hexdigest()}, **record})

    reply = caller.post("/v1/rerank", json=QUESTION, headers={"authorization": "Bearer sk-team"})

    assert order(reply) == [1, 2, 0]


def test_a_virtual_key_allows_its_models_only(caller: httpx.Client, dynamodb: Any) -> None:
    """
    A key for one provider's models gets 403 for another's.
    """
    record = {"id": {"S": "vk-2"}, "name": {"S": "search team"}, "models": {"SS": ["cohere/*"]}}
    dynamodb.put_item(TableName="KeysTable", Item={"key_hash": {"S": sha256(b"sk-cohere").hexdigest()}, **record})

    reply = caller.post("/v1/rerank", json=QUESTION, headers={"authorization": "Bearer sk-cohere"})

    assert reply.status_code == 403
