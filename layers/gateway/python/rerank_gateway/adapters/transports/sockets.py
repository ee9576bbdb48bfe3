"""
Sockets whose timeouts are moments, not spans.

A timeout of Python's starts anew with each wait, so a server that drips a byte a second would never be late. Here each
wait gets what is left until a deadline, and a call that is cancelled ends at once. Only name resolution, which Python
cannot interrupt, may go beyond that.
"""

from __future__ import annotations

import select
import socket
from collections.abc import Sequence
from contextlib import suppress
from functools import partial
from ssl import SSLContext
from typing import Any

from rerank_gateway.domain.deadline import Deadline

MAX_READ_BYTES = 64 * 1024

Address = tuple[Any, Any, int, str, Any]
"""As `getaddrinfo` gives it."""


def connect(host: str, port: int, deadline: Deadline) -> socket.socket:
    """A connection to *host*, as `connect_to_one` makes it. Raises OSError."""
    return connect_to_one(resolve(host, port), deadline)


def resolve(host: str, port: int) -> Sequence[Address]:
    """The addresses of *host*. Raises OSError."""
    return socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)


def connect_to_one(addresses: Sequence[Address], deadline: Deadline) -> socket.socket:
    """
    A connection to the first of *addresses* that takes one: each has its share of the time until *deadline*, so that
    those that are dead leave some for the others. Raises OSError.
    """
    failure = OSError("the name has no address")
    for number, address in enumerate(addresses):
        try:
            return _connect_to(address, deadline.share(1 / (len(addresses) - number)))
        except OSError as error:
            failure = error

    raise failure


def _connect_to(address: Address, deadline: Deadline) -> socket.socket:
    family, kind, protocol, _, place = address
    sock = socket.socket(family, kind, protocol)
    try:
        with deadline.aborting(partial(abort, sock)):
            sock.settimeout(remaining(deadline))
            sock.connect(place)
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    except OSError:
        sock.close()
        raise

    return sock


def start_tls(sock: socket.socket, context: SSLContext, host: str, deadline: Deadline) -> socket.socket:
    """*sock* as the encrypted connection to *host* that comes of it. Raises OSError."""
    wrapped = context.wrap_socket(sock, server_hostname=host, do_handshake_on_connect=False)
    try:
        with deadline.aborting(partial(abort, wrapped)):
            wrapped.settimeout(remaining(deadline))
            wrapped.do_handshake()
    except OSError:
        wrapped.close()
        raise

    return wrapped


def send_all(sock: socket.socket, data: bytes, deadline: Deadline) -> None:
    """Raises OSError."""
    rest = memoryview(data)
    while rest:
        sock.settimeout(remaining(deadline))
        rest = rest[sock.send(rest) :]


def receive(sock: socket.socket, deadline: Deadline) -> bytes:
    """What comes next; nothing when the other side has ended the connection. Raises OSError."""
    sock.settimeout(remaining(deadline))

    return sock.recv(MAX_READ_BYTES)


def is_readable(sock: socket.socket) -> bool:
    """Whether something has arrived, be it the end of the connection."""
    if sock.fileno() < 0:
        return True
    poll = select.poll()
    poll.register(sock.fileno(), select.POLLIN)

    return bool(poll.poll(0))


def abort(sock: socket.socket) -> None:
    """End *sock* under the feet of whichever thread waits at it."""
    # Closing would not wake it. SSLSocket's own method would have the thread go on in plain text.
    with suppress(OSError):
        socket.socket.shutdown(sock, socket.SHUT_RDWR)


def remaining(deadline: Deadline) -> float:
    """Seconds until *deadline*. Raises TimeoutError when there are none."""
    left = deadline.remaining()
    if left <= 0:
        raise TimeoutError("the time is over")

    return left
