"""Sending and fetching over real sockets, also when the other side misbehaves."""

from __future__ import annotations

import socket
import time
from threading import Thread

import pytest

from rerank_gateway.adapters.transports import responses
from rerank_gateway.adapters.transports.https import HttpsTransport
from rerank_gateway.adapters.transports.messages import ProviderRequest, ProviderResponse
from rerank_gateway.domain.errors import BadReply, TargetFailed, TargetTimedOut
from tests.fakes import within
from tests.upstream import Answer, says, upstream

OK = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n"


def send(transport: HttpsTransport, answer: Answer, timeout: float = 5.0) -> ProviderResponse:
    with upstream(answer) as provider:
        return transport.send(ProviderRequest(provider.url, {}, b"{}"), within(timeout))


def drips(piece: bytes, seconds: float, first: bytes = b"") -> Answer:
    """Sends *first*, then *piece* after *piece*, so slowly that no single wait is ever long."""

    def answer(connection: socket.socket) -> None:
        connection.sendall(first)
        while True:
            time.sleep(seconds)
            connection.sendall(piece)

    return answer


def bursts(data: bytes) -> Answer:
    """Sends *data* and hangs up."""

    def answer(connection: socket.socket) -> None:
        connection.sendall(data)
        connection.shutdown(socket.SHUT_RDWR)

    return answer


def test_a_reply_comes_back_whole(transport: HttpsTransport) -> None:
    """
    Status, headers and body arrive as they were sent.
    """
    reply = send(transport, says({"a": 1}, 418, {"X-Thing": "1"}))

    assert (reply.status, reply.json(), reply.headers["x-thing"]) == (418, {"a": 1}, "1")


def test_a_connection_is_kept_for_the_next_request(transport: HttpsTransport) -> None:
    """
    Two requests, one connection: the second one saves a handshake.
    """
    peers = []

    def answer(connection: socket.socket) -> None:
        peers.append(connection.getpeername())
        says({})(connection)

    with upstream(answer) as provider:
        for _ in range(2):
            transport.send(ProviderRequest(provider.url, {}, b"{}"), within(5.0))

    assert len(peers) == 2
    assert peers[0] == peers[1]


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(drips(b"x", 0.05, OK + b"content-length: 100000\r\n\r\n"), id="body"),
        pytest.param(drips(b"x-more: 1\r\n", 0.05, OK), id="headers"),
        pytest.param(drips(b"HTTP/1.1 102 Processing\r\n\r\n", 0.05), id="interim replies"),
        pytest.param(lambda connection: time.sleep(2), id="silence"),
    ],
)
def test_a_timeout_is_for_the_whole_exchange(transport: HttpsTransport, answer: Answer) -> None:
    """
    A server that always sends a little more is late all the same.
    """
    started = time.monotonic()

    with pytest.raises(TargetTimedOut, match=r"within 0.4 s"):
        send(transport, answer, timeout=0.4)

    assert time.monotonic() - started < 1.5


def test_a_server_that_does_not_read_is_late_too(transport: HttpsTransport) -> None:
    """
    The time to send counts as well.
    """
    with socket.create_server(("127.0.0.1", 0)) as deaf, pytest.raises(TargetTimedOut):
        transport.send(ProviderRequest(f"http://127.0.0.1:{deaf.getsockname()[1]}", {}, b"x" * 30_000_000), within(0.4))


def test_a_gigantic_reply_is_cut_short(transport: HttpsTransport, monkeypatch: pytest.MonkeyPatch) -> None:
    """
    More than a ranking can be is not read into memory.
    """
    monkeypatch.setattr(responses, "MAX_RESPONSE_BYTES", 10_000)

    with pytest.raises(BadReply, match="larger than"):
        send(transport, drips(b"x" * 4096, 0.001, OK + b"content-length: 100000000000\r\n\r\n"))


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"220 smtp.example.com ESMTP\r\n", id="another protocol"),
        pytest.param(OK + b"content-length: 100\r\n\r\n{}", id="breaks off"),
        pytest.param(OK + b"transfer-encoding: chunked\r\n\r\nzz\r\n", id="bad chunks"),
        pytest.param(OK + b"x: " + b"y" * 200_000 + b"\r\n\r\n", id="endless header"),
    ],
)
def test_what_is_no_http_is_a_bad_reply(transport: HttpsTransport, data: bytes) -> None:
    """
    Broken HTTP is the provider's failure, with a name.
    """
    with pytest.raises(BadReply):
        send(transport, bursts(data))


@pytest.mark.parametrize("url", ["http://127.0.0.1:1", "http://name.invalid", "https://127.0.0.1:1"])
def test_nobody_there_is_a_failed_target(transport: HttpsTransport, url: str) -> None:
    """
    A closed port, an unknown name.
    """
    with pytest.raises(TargetFailed, match="cannot be reached"):
        transport.send(ProviderRequest(url, {}, b"{}"), within(5.0))


def test_a_server_without_tls_is_a_failed_target(transport: HttpsTransport) -> None:
    """
    https:// to a server that speaks plain HTTP ends, with a name and without a key on the wire.
    """

    def plain() -> None:
        connection, _ = server.accept()
        with connection:
            connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")
            heard.append(connection.recv(65536))

    heard: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = Thread(target=plain)
        thread.start()
        url = f"https://127.0.0.1:{server.getsockname()[1]}"
        with pytest.raises(TargetFailed):
            transport.send(ProviderRequest(url, {"authorization": "Bearer secret"}, b"{}"), within(5.0))
        thread.join()

    assert b"secret" not in heard[0]
