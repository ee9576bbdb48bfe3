"""Connections: whose they are, how long they are kept, and what ends them."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager, suppress
from threading import Event, Semaphore
from typing import Any

import pytest

from rerank_gateway.adapters.transports import connection_pool, https
from rerank_gateway.adapters.transports.https import HttpsTransport
from rerank_gateway.adapters.transports.messages import ProviderRequest, ProviderResponse
from rerank_gateway.adapters.transports.origin import Address
from rerank_gateway.domain.cancellation import Cancellation
from rerank_gateway.domain.deadline import Deadline
from rerank_gateway.domain.errors import BadReply, TargetBulkheadFull, TargetError, TargetFailed, TargetTimedOut
from tests.fakes import FakeClock, within
from tests.upstream import Answer, says, upstream, written

LONG = 30.0
HELLO = {"says": "hello"}


def post(transport: HttpsTransport, url: str, deadline: Deadline | None = None) -> ProviderResponse:
    return transport.send(ProviderRequest(url, {}, b"{}"), deadline or within(LONG))


def hangs_up(connection: socket.socket) -> None:
    connection.shutdown(socket.SHUT_RDWR)


def resets(connection: socket.socket) -> None:
    """Ends the connection as the kernel does for a process that is gone."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
    raise ConnectionAbortedError


class Hanging:
    """Never answers; knows when it was *asked*, and when it was *left*."""

    def __init__(self) -> None:
        self.asked, self.left = Semaphore(0), Semaphore(0)

    def __call__(self, connection: socket.socket) -> None:
        self.asked.release()
        connection.recv(1)
        self.left.release()


@pytest.fixture
def few_connections(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two to a host."""
    monkeypatch.setattr(connection_pool, "MAX_CONNECTIONS", 2)


@pytest.mark.usefixtures("few_connections")
def test_a_host_that_hangs_takes_no_connection_from_another(transport: HttpsTransport) -> None:
    """
    However many wait for the one, the other answers.
    """
    hanging, cancellation = Hanging(), Cancellation()

    with upstream(hanging) as hung, upstream(says(HELLO)) as healthy, ThreadPoolExecutor(5) as callers:
        for _ in range(5):
            callers.submit(post, transport, hung.url, within(LONG).cancelled_by(cancellation))
        for _ in range(2):
            assert hanging.asked.acquire(timeout=LONG)
        reply = post(transport, healthy.url)
        cancellation.cancel()

    assert reply.json() == HELLO


@pytest.mark.usefixtures("few_connections")
def test_who_gets_no_connection_in_time_was_not_failed_by_the_host(transport: HttpsTransport) -> None:
    """
    It is our own queue that was too long.
    """
    hanging, cancellation = Hanging(), Cancellation()

    with upstream(hanging) as hung, ThreadPoolExecutor(2) as callers:
        for _ in range(2):
            callers.submit(post, transport, hung.url, within(LONG).cancelled_by(cancellation))
        for _ in range(2):
            assert hanging.asked.acquire(timeout=LONG)
        with pytest.raises(TargetBulkheadFull):
            post(transport, hung.url, within(0.05))
        cancellation.cancel()


def test_the_connection_of_a_cancelled_call_is_closed(transport: HttpsTransport) -> None:
    """
    At once, so that neither side goes on with what nobody wants; there is time left for others.
    """
    hanging, cancellation = Hanging(), Cancellation()

    with upstream(hanging) as hung, ThreadPoolExecutor(1) as caller:
        call = caller.submit(post, transport, hung.url, within(LONG).cancelled_by(cancellation))
        assert hanging.asked.acquire(timeout=LONG)
        cancellation.cancel()

        assert hanging.left.acquire(timeout=LONG)
        assert isinstance(call.exception(LONG), TargetError)


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_cancelled_call_does_not_go_on_connecting(transport: HttpsTransport, scheme: str) -> None:
    """
    Neither to who does not take the connection nor to who does not shake hands.
    """
    cancellation = Cancellation()

    with deaf_server(accepts=scheme == "https") as url, ThreadPoolExecutor(1) as caller:
        url = url.replace("http", scheme)
        call = caller.submit(post, transport, url, within(LONG).cancelled_by(cancellation))
        with pytest.raises(TimeoutError):
            call.exception(0.1)
        cancellation.cancel()

        assert isinstance(call.exception(LONG), TargetError)


def test_what_is_cancelled_before_it_begins_asks_nobody(transport: HttpsTransport) -> None:
    """
    Nor does it wait for anything.
    """
    cancellation = Cancellation()
    cancellation.cancel()

    with upstream(says(HELLO)) as provider, pytest.raises(TargetError):
        post(transport, provider.url, within(LONG).cancelled_by(cancellation))

    assert provider.questions == []


def test_a_cancellation_does_not_reach_beyond_its_call(transport: HttpsTransport) -> None:
    """
    The connection of a call that is over may serve another one by then.
    """
    cancellation = Cancellation()

    with upstream(says(HELLO)) as provider:
        post(transport, provider.url, within(LONG).cancelled_by(cancellation))
        cancellation.cancel()
        reply = post(transport, provider.url)

    assert reply.json() == HELLO


@pytest.mark.parametrize("ends", [hangs_up, resets])
def test_a_kept_connection_that_has_ended_is_replaced(transport: HttpsTransport, ends: Answer) -> None:
    """
    uvicorn, vLLM and Node close an idle one after five seconds, at the very moment perhaps at which we ask.
    """
    with upstream(says({}), ends, says(HELLO)) as provider:
        post(transport, provider.url)
        reply = post(transport, provider.url)

    assert reply.json() == HELLO
    assert len(provider.questions) == 3


def test_who_ends_a_new_connection_is_not_asked_again(transport: HttpsTransport) -> None:
    """
    That is no matter of age: the provider breaks down over the question.
    """
    with upstream(says({}), hangs_up, hangs_up, says(HELLO)) as provider:
        post(transport, provider.url)
        with pytest.raises(BadReply):
            post(transport, provider.url)

    assert len(provider.questions) == 3


def test_a_reply_that_breaks_off_is_not_asked_for_again(transport: HttpsTransport) -> None:
    """
    The provider has done its work, and wants to be paid for it.
    """

    def breaks_off(connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{")
        hangs_up(connection)

    with upstream(says({}), breaks_off, says(HELLO)) as provider:
        post(transport, provider.url)
        with pytest.raises(BadReply, match="breaks off"):
            post(transport, provider.url)


@pytest.mark.parametrize("more", [b"x", written({"says": "somebody else's"})], ids=["a byte", "a reply"])
def test_what_comes_beyond_a_reply_answers_nobody(transport: HttpsTransport, more: bytes) -> None:
    """
    The next request goes to a new connection.
    """

    def too_much(connection: socket.socket) -> None:
        connection.sendall(written({}) + more)

    with upstream(too_much, says(HELLO)) as provider:
        post(transport, provider.url)
        reply = post(transport, provider.url)

    assert reply.json() == HELLO


def test_what_comes_long_after_a_reply_answers_nobody_either(transport: HttpsTransport) -> None:
    """
    Bytes that arrive at an idle connection spoil it.
    """
    go, done = Event(), Event()

    def too_late(connection: socket.socket) -> None:
        connection.sendall(written({}))
        go.wait(LONG)
        connection.sendall(written({"says": "somebody else's"}))
        done.set()

    with upstream(too_late, says(HELLO)) as provider:
        post(transport, provider.url)
        go.set()
        done.wait(LONG)
        reply = post(transport, provider.url)

    assert reply.json() == HELLO


@pytest.mark.parametrize(("frozen", "connections"), [(19.0, 1), (21.0, 2)])
def test_a_connection_ages_while_the_process_is_frozen(frozen: float, connections: int) -> None:
    """
    Twenty seconds of the calendar, as the other side does not wait for Lambda.
    """
    peers, clock = set(), FakeClock()

    def answer(connection: socket.socket) -> None:
        peers.add(connection.getpeername())
        says({})(connection)

    with upstream(answer) as provider, closing(HttpsTransport(clock)) as transport:
        post(transport, provider.url)
        clock.frozen += frozen
        post(transport, provider.url)

    assert len(peers) == connections


def test_hosts_have_an_end(transport: HttpsTransport, monkeypatch: pytest.MonkeyPatch) -> None:
    """
    Where a model is part of the host's name, callers could have connections kept to any number of them.
    """
    monkeypatch.setattr(https, "MAX_HOSTS", 2)

    with upstream(says(HELLO)) as a, upstream(says(HELLO)) as b, upstream(says(HELLO)) as c:
        for provider in (a, b, c, a):
            post(transport, provider.url)

    assert len(transport.pools) == 2


@contextmanager
def deaf_server(*, accepts: bool, host: str = "127.0.0.1") -> Iterator[str]:
    """A server that says nothing, and takes no connection unless it *accepts*."""
    with socket.socket() as server:
        server.bind((host, 0))
        server.listen(5 if accepts else 0)
        waiting = [] if accepts else [crowd(server) for _ in range(3)]
        yield f"http://{host}:{server.getsockname()[1]}"
        for sock in waiting:
            sock.close()


def crowd(server: socket.socket) -> socket.socket:
    """A connection that *server* has not taken, and that keeps others from its queue."""
    sock = socket.socket()
    sock.setblocking(False)
    sock.connect_ex(server.getsockname())

    return sock


Resolve = Callable[..., list[Any]]


def resolving(*places: tuple[str, int]) -> Resolve:
    """A name with several addresses."""
    return lambda *_, **__: [(socket.AF_INET, socket.SOCK_STREAM, 6, "", place) for place in places]


def place_of(url: str) -> tuple[str, int]:
    address = Address.parse(url).origin

    return address.host, address.port


def test_dead_addresses_leave_time_for_one_that_lives(
    transport: HttpsTransport, monkeypatch: pytest.MonkeyPatch
) -> None:
    """
    Each has its share of the time, and all of them together no more than there is.
    """
    with deaf_server(accepts=False) as dead, upstream(says(HELLO)) as provider:
        monkeypatch.setattr(socket, "getaddrinfo", resolving(*[place_of(dead)] * 3, place_of(provider.url)))
        reply = post(transport, "http://several.example", within(4.0))

    assert reply.json() == HELLO


def test_who_is_at_no_address_is_late(transport: HttpsTransport, monkeypatch: pytest.MonkeyPatch) -> None:
    """
    When the time is over, it is.
    """
    with deaf_server(accepts=False) as dead:
        monkeypatch.setattr(socket, "getaddrinfo", resolving(*[place_of(dead)] * 4))
        with pytest.raises(TargetTimedOut):
            post(transport, "http://several.example", within(0.4))


@pytest.mark.parametrize(
    ("url", "host", "target"),
    [
        ("http://[::1]:8080/v1/rerank", "[::1]:8080", "/v1/rerank"),
        ("https://[2001:db8::1]", "[2001:db8::1]", "/"),
        ("https://api.example?a=b", "api.example", "/?a=b"),
        ("http://user:pass@api.example:80/x", "api.example:80", "/x"),
    ],
)
def test_the_host_is_named_as_http_wants_it(url: str, host: str, target: str) -> None:
    """
    An IPv6 address in brackets, and a port only where the operator writes one.
    """
    address = Address.parse(url)

    assert (address.host, address.target) == (host, target)


@pytest.mark.parametrize("url", ["ftp://example", "https://", "http://a:b/", "http://[::1", "", "http://ä.example"])
def test_what_is_no_address_is_a_failed_target(transport: HttpsTransport, url: str) -> None:
    """
    Whatever stands in the configuration.
    """
    with pytest.raises(TargetFailed, match="address"):
        post(transport, url)


def has_ipv6() -> bool:
    with socket.socket(socket.AF_INET6) as sock, suppress(OSError):
        sock.bind(("::1", 0))
        return True

    return False


@pytest.mark.skipif(not has_ipv6(), reason="this machine has no IPv6")
def test_a_server_at_an_ipv6_address_hears_its_name(transport: HttpsTransport) -> None:
    """
    A server that checks `Host` would answer with a 400.
    """
    with upstream(says(HELLO), host="::1") as provider:
        post(transport, provider.url)

    assert provider.questions[0].headers["host"] == provider.url.removeprefix("http://")
