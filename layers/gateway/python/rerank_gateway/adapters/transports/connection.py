"""One connection to a server, and the HTTP/1.1 on it: one request and its response after the other."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from functools import lru_cache

import h11

from rerank_gateway.adapters.transports.origin import Origin
from rerank_gateway.adapters.transports.sockets import abort, connect, is_readable, receive, send_all, start_tls
from rerank_gateway.domain.deadline import Deadline

MAX_HEAD_BYTES = 100 * 1024


def _new_state() -> h11.Connection:
    return h11.Connection(h11.CLIENT, max_incomplete_event_size=MAX_HEAD_BYTES)


@dataclass(slots=True, eq=False)
class Connection:
    """
    *has_heard* says that the first byte of the response to the latest request is here. *idle_since* is a moment on the
    clock's calendar.
    """

    sock: socket.socket
    state: h11.Connection = field(default_factory=_new_state)
    has_heard: bool = False
    idle_since: float = 0.0

    def send(self, head: h11.Request, body: bytes, deadline: Deadline) -> None:
        """Send a request, whose response is to be read then. Raises OSError, or a ProtocolError of h11's."""
        self.has_heard = False
        # A server may refuse a request while it is being sent, and hang up: what it said before that counts.
        with suppress(BrokenPipeError, ConnectionResetError):
            for part in (head, h11.Data(data=body), h11.EndOfMessage()):
                send_all(self.sock, self.state.send(part) or b"", deadline)

    def head(self, deadline: Deadline) -> h11.Response:
        """The head of the response to what was sent. Raises OSError, or a ProtocolError of h11's."""
        while not isinstance(event := self._next_event(deadline), h11.Response):
            if event is h11.PAUSED or isinstance(event, h11.ConnectionClosed):
                raise h11.RemoteProtocolError("no response came")

        return event

    def body(self, deadline: Deadline) -> Iterator[bytes]:
        """The rest of the response, as it comes. Raises OSError, or a ProtocolError of h11's."""
        while isinstance(event := self._next_event(deadline), h11.Data):
            yield bytes(event.data)

    def start_next(self, now: float) -> bool:
        """
        Make it ready for another request, idle since *now*; False when that must go to a new connection.

        What came beyond the end of a response would be taken for the next one's.
        """
        if (
            self.state.our_state is not h11.DONE
            or self.state.their_state is not h11.DONE
            or self.state.trailing_data[0]
        ):
            return False
        self.state.start_next_cycle()
        self.idle_since = now

        return not self.is_spent

    @property
    def is_spent(self) -> bool:
        """Whether an idle connection has been ended by the server, or has bytes in it that nobody asked for."""
        return self.has_arrived

    @property
    def has_arrived(self) -> bool:
        """Whether there is something to read, be it the end of the connection."""
        return is_readable(self.sock)

    def abort(self) -> None:
        """Have whoever waits at it fail at once. For any thread."""
        abort(self.sock)

    def close(self) -> None:
        self.sock.close()

    def _next_event(self, deadline: Deadline) -> object:
        while (event := self.state.next_event()) is h11.NEED_DATA:
            data = receive(self.sock, deadline)
            self.has_heard = self.has_heard or bool(data)
            self.state.receive_data(data)

        return event


def open_connection(origin: Origin, deadline: Deadline) -> Connection:
    """Raises OSError."""
    phase = "connection"
    try:
        sock = connect(origin.host, origin.port, deadline)
        phase = "tls"

        return Connection(start_tls(sock, trust(), origin.host, deadline) if origin.scheme == "https" else sock)
    except OSError as unreachable:
        unreachable.add_note(phase)
        raise


@lru_cache(maxsize=1)
def trust() -> ssl.SSLContext:
    """Whom to trust: the system's certificates and Mozilla's. They take 20 ms to load, once and for all connections."""
    import certifi

    context = ssl.create_default_context()
    context.load_verify_locations(certifi.where())
    context.set_alpn_protocols(["http/1.1"])

    return context
