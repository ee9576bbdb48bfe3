"""Over HTTP(S), on connections that are kept for the next request."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from threading import Lock

import h11

from rerank_gateway.adapters.system.clock import SystemClock
from rerank_gateway.adapters.transports.connection import Connection, open_connection
from rerank_gateway.adapters.transports.connection_pool import ConnectionPool
from rerank_gateway.adapters.transports.failures import explained
from rerank_gateway.adapters.transports.messages import AwaitResponse, ProviderRequest, ProviderResponse, Transport
from rerank_gateway.adapters.transports.origin import Address, Origin
from rerank_gateway.adapters.transports.responses import PendingResponse, read_response
from rerank_gateway.domain.clock import Clock
from rerank_gateway.domain.deadline import Deadline
from rerank_gateway.domain.errors import BadReply, TargetBulkheadFull, TargetFailed, TargetTimedOut

MAX_HOSTS = 100
"""Hosts whose connections are kept: where a model is part of a host's name, callers choose as they like."""


@dataclass(frozen=True, slots=True)
class HttpsTransport(Transport):
    """
    Redirects are not followed, as a key must not travel on; proxies of the environment are not used.

    Each host has a pool of its own, so that one that hangs takes no connection from the others.
    """

    clock: Clock = field(default_factory=SystemClock)
    pools: dict[Origin, ConnectionPool] = field(default_factory=dict)
    opening: Lock = field(default_factory=Lock)

    def send(self, request: ProviderRequest, deadline: Deadline) -> ProviderResponse:
        address, timeout = Address.parse(request.url), deadline.remaining()
        pool = self._pool(address.origin)
        with pool.place(deadline) as waited, _translate_errors(timeout, waited):
            message = _message(address, request)
            connection = pool.kept()
            if connection and (response := _send_again(pool, connection, message, deadline)):
                return response

            return _exchange(pool, pool.open_connection(deadline), message, deadline)

    def begin(self, request: ProviderRequest, deadline: Deadline) -> AwaitResponse:
        address, timeout = Address.parse(request.url), deadline.remaining()
        pool = self._pool(address.origin)
        with pool.place(deadline) as waited, _translate_errors(timeout, waited):
            connection = pool.kept() or pool.open_connection(deadline)
            _send(connection, _message(address, request), deadline)
            pending = pool.await_response(connection)

        return partial(_awaited, pool, pending)

    def close(self) -> None:
        """Let go of all connections; the next request opens new ones."""
        with self.opening:
            while self.pools:
                self.pools.popitem()[1].close()

    def _pool(self, origin: Origin) -> ConnectionPool:
        with self.opening:
            # The one that was used last comes last.
            pool = self.pools.pop(origin, None) or ConnectionPool(partial(open_connection, origin), self.clock)
            self.pools[origin] = pool
            if len(self.pools) > MAX_HOSTS:
                self.pools.pop(next(iter(self.pools))).close()

            return pool


Message = tuple[h11.Request, bytes]


def _send_again(
    pool: ConnectionPool, connection: Connection, message: Message, deadline: Deadline
) -> ProviderResponse | None:
    """The response on a *connection* that was used before; None when the server had ended it by then."""
    try:
        return _exchange(pool, connection, message, deadline)
    except (OSError, h11.RemoteProtocolError):
        if connection.has_heard or deadline.is_over:
            raise

    return None


def _exchange(pool: ConnectionPool, connection: Connection, message: Message, deadline: Deadline) -> ProviderResponse:
    _send(connection, message, deadline)
    response = read_response(connection, deadline)
    pool.keep(connection)

    return response


def _send(connection: Connection, message: Message, deadline: Deadline) -> None:
    try:
        with deadline.aborting(connection.abort):
            connection.send(*message, deadline)
    except BaseException as broken:
        broken.add_note("response")
        connection.close()
        raise


def _awaited(pool: ConnectionPool, pending: PendingResponse, deadline: Deadline) -> ProviderResponse:
    with _translate_errors(deadline.remaining(), waited=0.0):
        return pool.awaited(pending, deadline)


def _message(address: Address, request: ProviderRequest) -> Message:
    headers = _headers(address.host, request.headers, len(request.body))

    return h11.Request(method="POST", target=address.target, headers=headers), request.body


def _headers(host: str, own: Mapping[str, str], length: int) -> list[tuple[bytes, bytes]]:
    headers = {
        "host": host,
        "accept": "application/json",
        "accept-encoding": "identity",
        "content-type": "application/json",
        "content-length": str(length),
        **own,
    }

    return [(name.encode("ascii"), value.encode("utf-8")) for name, value in headers.items()]


@contextmanager
def _translate_errors(timeout: float, waited: float) -> Iterator[None]:
    """So many seconds of the *timeout* the request has *waited* for its place."""
    try:
        yield
    except TimeoutError as late:
        if waited > timeout / 2:
            # Most of the time went by in our own queue, which does not tell against the provider.
            raise TargetBulkheadFull("too many questions to this provider were under way before it") from late
        raise explained(TargetTimedOut(f"no answer within {timeout:.1f} s"), late) from late
    except h11.RemoteProtocolError as garbled:
        raise BadReply("the reply is not HTTP, or breaks off") from garbled
    except (OSError, h11.LocalProtocolError, UnicodeError) as unreachable:
        raise explained(TargetFailed("the provider cannot be reached"), unreachable) from unreachable
