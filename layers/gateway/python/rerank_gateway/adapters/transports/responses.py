"""Responses as they come over a connection: at once, or when somebody wants them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from threading import Lock

import h11

from rerank_gateway.adapters.transports.connection import Connection
from rerank_gateway.adapters.transports.messages import ProviderResponse
from rerank_gateway.domain.deadline import Deadline
from rerank_gateway.domain.errors import BadReply

MAX_RESPONSE_BYTES = 32 * 1024 * 1024
"""Bytes. Ten thousand documents of 1 KB, echoed back by a server that always does, are 10 MB."""


def read_response(connection: Connection, deadline: Deadline) -> ProviderResponse:
    """
    The response to what was sent on *connection*, which is closed where there is none.

    Raises OSError, a ProtocolError of h11's, or BadReply.
    """
    try:
        with deadline.aborting(connection.abort):
            head = connection.head(deadline)
            body = _read_body(connection.body(deadline))
    except BaseException as broken:
        broken.add_note("body" if connection.has_heard else "response")
        connection.close()
        raise

    return ProviderResponse(head.status_code, _decode_headers(head.headers), body)


@dataclass(slots=True, eq=False)
class PendingResponse:
    """
    The response to a request that was sent on a *connection* at the moment *since* of the calendar, and that nobody has
    waited for. For any threads: the first one reads it.
    """

    connection: Connection
    since: float
    lock: Lock = field(default_factory=Lock, repr=False)
    response: ProviderResponse | None = None
    error: Exception | None = None

    def read(self, deadline: Deadline) -> ProviderResponse:
        """Raises what `read_response` raises, and again whenever it is read."""
        with self.lock:
            if self.response is None and self.error is None:
                try:
                    self.response = read_response(self.connection, deadline)
                except (OSError, h11.ProtocolError, BadReply) as error:
                    self.error = error
        if self.response is None:
            raise self.error or BadReply("no response came")

        return self.response


def _decode_headers(headers: Iterable[tuple[bytes, bytes]]) -> dict[str, str]:
    return {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in headers}


def _read_body(parts: Iterable[bytes]) -> bytes:
    """The body in one piece. Raises BadReply as soon as it grows beyond MAX_RESPONSE_BYTES."""
    body = bytearray()
    for part in parts:
        body += part
        if len(body) > MAX_RESPONSE_BYTES:
            raise BadReply(f"the reply is larger than {MAX_RESPONSE_BYTES} bytes")

    return bytes(body)
