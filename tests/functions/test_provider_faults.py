"""What providers do to the gateway, and what callers notice of it."""

from __future__ import annotations

import socket
from threading import Semaphore

import pytest

from tests.functions.conftest import Configure
from tests.functions.gateway import rerank
from tests.functions.provider import COHERE
from tests.functions.targets import configuration, tried
from tests.upstream import says, upstream, written

LONG = 5.0
MODEL = "cohere/rerank-v3.5"
LAST_RESORT = 'last_resort = "local/bm25"\n'


def hangs_up(connection: socket.socket) -> None:
    connection.shutdown(socket.SHUT_RDWR)


def test_a_connection_that_a_server_has_closed_is_no_502(configure: Configure) -> None:
    """
    vLLM and Node close idle ones after five seconds: the question goes to a new one.
    """
    with upstream(says(COHERE), hangs_up, says(COHERE)) as provider:
        configure(GATEWAY_CONFIG=configuration(provider.url, provider.url), COHERE_API_KEY="k")
        answers = [rerank(model=MODEL) for _ in range(2)]

    assert [tried(answer) for answer in answers] == [[(MODEL, 200)]] * 2


def test_a_second_reply_in_the_same_packet_is_nobodys(configure: Configure) -> None:
    """
    The next caller gets the answer to its own question.
    """
    other = {"results": [{"index": index, "relevance_score": index / 10} for index in range(3)]}

    def two_replies(connection: socket.socket) -> None:
        connection.sendall(written(COHERE) + written(other))

    with upstream(two_replies, says(COHERE)) as provider:
        configure(GATEWAY_CONFIG=configuration(provider.url, provider.url), COHERE_API_KEY="k")
        answers = [rerank(model=MODEL) for _ in range(2)]

    assert [[row["index"] for row in answer.json["results"]] for answer in answers] == [[0, 1, 2]] * 2


def test_the_connection_to_who_was_overtaken_is_closed(configure: Configure) -> None:
    """
    A provider that hangs behind a hedge holds on to nothing.
    """
    left = Semaphore(0)

    def hangs(connection: socket.socket) -> None:
        connection.recv(1)
        left.release()

    with upstream(hangs) as hung, upstream(says(COHERE)) as ready:
        config = configuration(hung.url, ready.url, alias="hedge_after_ms = 20").replace("tei/m", "small/m")
        configure(
            GATEWAY_CONFIG=f'{config}\n[providers.small]\nlike="cohere"\nurl="{ready.url}"',
            COHERE_API_KEY="k",
            SMALL_API_KEY="k",
        )
        response = rerank(model="both")
        is_closed = left.acquire(timeout=LONG)

    assert tried(response) == [(MODEL, 499), ("small/m", 200)]
    assert is_closed


@pytest.mark.parametrize(
    "retry_after",
    [
        "Fri, 31 Dec 99999999999 23:59:59 GMT",
        "Fri, 31 Dec 2026 99:99:99 GMT",
        "9" * 5_000,
        "-1",
        "1e400",
        "soon",
        "Mon, 01 Jan 0001 00:00:00 +2359",
    ],
)
def test_a_strange_retry_after_does_not_cost_the_fallbacks(configure: Configure, retry_after: str) -> None:
    """
    It is read, or it is not there.
    """
    with upstream(says({}, 429, {"retry-after": retry_after})) as busy:
        configure(GATEWAY_CONFIG=LAST_RESORT + configuration(busy.url, busy.url), COHERE_API_KEY="k")
        response = rerank(model=MODEL)

    assert tried(response) == [(MODEL, 429), ("local/bm25", 200)]


SAID = "key {key} is not good for http://10.0.0.7:8000/v1?k=1, ask 10.0.0.7:8000 or internal.example"


@pytest.mark.parametrize("status", [400, 404, 413, 422])
def test_a_provider_can_quote_neither_our_key_nor_an_address(configure: Configure, status: int) -> None:
    """
    What it says of the request reaches the caller without them.
    """
    key = "co-secret-0123456789"

    with upstream(says({"message": SAID.format(key=key)}, status)) as provider:
        configure(GATEWAY_CONFIG=configuration(provider.url, provider.url), COHERE_API_KEY=key)
        response = rerank(model=MODEL)

    assert response.status in (400, 404, 413)
    assert "is not good for" in response.text
    assert not [part for part in (key, "10.0.0.7", "8000", "?k=1") if part in response.text]


def test_what_is_said_of_our_own_server_does_not_name_it(configure: Configure) -> None:
    """
    Neither by its name nor by its address.
    """
    with upstream(says({"message": "localhost has no such model"}, 404)) as provider:
        url = provider.url.replace("127.0.0.1", "localhost")
        configure(GATEWAY_CONFIG=configuration(url, url), COHERE_API_KEY="k")
        response = rerank(model=MODEL)

    assert "has no such model" in response.text
    assert "localhost" not in response.text
