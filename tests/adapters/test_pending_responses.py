"""Requests that are sent without waiting for what comes of them."""

from __future__ import annotations

import socket
from threading import Event

import pytest

from rerank_gateway.adapters.transports.connection_pool import KEEPALIVE_S
from rerank_gateway.adapters.transports.https import HttpsTransport
from rerank_gateway.adapters.transports.messages import AwaitResponse, ProviderRequest
from rerank_gateway.domain.errors import TargetError, TargetTimedOut
from tests.adapters.test_connections import hangs_up, post
from tests.fakes import FakeClock, within
from tests.upstream import Answer, says, upstream

LONG = 10.0


class Held:
    """Answers when it is let go, and says that it has; knows when it was asked, and by which *connections*."""

    def __init__(self, answer: Answer) -> None:
        self.answer, self.asked, self.go, self.answered = answer, Event(), Event(), Event()
        self.connections: set[socket.socket] = set()

    def __call__(self, connection: socket.socket) -> None:
        self.connections.add(connection)
        self.asked.set()
        assert self.go.wait(LONG)
        self.answer(connection)
        self.answered.set()


def begin(transport: HttpsTransport, url: str) -> AwaitResponse:
    return transport.begin(ProviderRequest(url, {}, b"{}"), within(LONG))


def test_nobody_waits_for_the_response(transport: HttpsTransport) -> None:
    """
    It is there when it is wanted.
    """
    held = Held(says({"says": "hello"}))
    with upstream(held) as server:
        response = begin(transport, server.url)
        assert held.asked.wait(LONG)
        held.go.set()

        assert response(within(LONG)).json() == {"says": "hello"}


def test_the_next_request_goes_by_the_same_connection(transport: HttpsTransport) -> None:
    """
    As soon as the response has come, whether somebody has read it by then or not; it is not lost.
    """
    held = Held(says({}))
    held.go.set()
    with upstream(held) as server:
        response = begin(transport, server.url)
        assert held.answered.wait(LONG)
        for _ in range(3):
            post(transport, server.url)

        assert response(within(LONG)).status == 200
    assert len(held.connections) == 1


def test_a_response_that_is_on_its_way_keeps_nobody(transport: HttpsTransport) -> None:
    """
    Another request has a connection of its own meanwhile.
    """
    held = Held(says({"says": "first"}))
    with upstream(held, says({"says": "second"})) as server:
        response = begin(transport, server.url)
        assert held.asked.wait(LONG)
        second = post(transport, server.url).json()
        held.go.set()

        assert (response(within(LONG)).json(), second) == ({"says": "first"}, {"says": "second"})


def test_a_broken_connection_is_told_to_whoever_wants_the_response(transport: HttpsTransport) -> None:
    """
    And to nobody else: the next request goes by another one.
    """
    held = Held(hangs_up)
    held.go.set()
    with upstream(held, says({})) as server:
        response = begin(transport, server.url)
        assert held.answered.wait(LONG)
        later = post(transport, server.url)

        with pytest.raises(TargetError):
            response(within(LONG))
    assert later.status == 200


def test_what_has_not_come_is_not_waited_for_any_longer() -> None:
    """
    After the time for which a connection is kept, all of which the process may have been frozen.
    """
    clock = FakeClock()
    transport = HttpsTransport(clock)
    held = Held(says({}))
    with upstream(held, says({})) as server:
        response = begin(transport, server.url)
        assert held.asked.wait(LONG)
        clock.frozen += KEEPALIVE_S
        later = post(transport, server.url)

        with pytest.raises(TargetTimedOut):
            response(within(LONG))
        held.go.set()
        transport.close()
    assert later.status == 200


def test_a_transport_that_is_closed_leaves_nothing_open(transport: HttpsTransport) -> None:
    """
    Whoever wants the response is told that there is none.
    """
    held = Held(says({}))
    with upstream(held) as server:
        response = begin(transport, server.url)
        transport.close()

        with pytest.raises(TargetError):
            response(within(LONG))
        held.go.set()
