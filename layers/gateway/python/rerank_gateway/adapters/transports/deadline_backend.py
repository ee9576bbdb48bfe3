"""
A network backend for httpcore whose timeouts are moments, not spans.

httpcore hands the same span to every read and write, so a server that drips a byte a second is never late. Here the
number that arrives as a timeout is the moment, on the monotonic clock, by which the whole exchange must be over; each
wait gets what is left until then. Only name resolution, which Python cannot interrupt, may go beyond it.
"""

from __future__ import annotations

import ssl
import time
from typing import Any

import httpcore


def _remaining(until: float | None, late: type[httpcore.TimeoutException]) -> float | None:
    if until is None:
        return None
    left = until - time.monotonic()
    if left <= 0:
        raise late("the time is over")

    return left


class DeadlineStream(httpcore.NetworkStream):
    def __init__(self, stream: httpcore.NetworkStream) -> None:
        self._stream = stream

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, _remaining(timeout, httpcore.ReadTimeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        # httpcore would start the span anew after every part that the other side takes.
        sock = self._stream.get_extra_info("socket")
        rest = memoryview(buffer)
        while rest:
            sock.settimeout(_remaining(timeout, httpcore.WriteTimeout))
            rest = rest[_send(sock, rest) :]

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        left = _remaining(timeout, httpcore.ConnectTimeout)

        return DeadlineStream(self._stream.start_tls(ssl_context, server_hostname, left))

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


def _send(sock: Any, rest: memoryview) -> int:
    try:
        count: int = sock.send(rest)
    except TimeoutError as late:
        raise httpcore.WriteTimeout(str(late)) from late
    except OSError as broken:
        raise httpcore.WriteError(str(broken)) from broken

    return count


class DeadlineBackend(httpcore.NetworkBackend):
    def __init__(self) -> None:
        self._backend = httpcore.SyncBackend()

    def connect_tcp(
        self, host: str, port: int, timeout: float | None = None, *options: Any, **named_options: Any
    ) -> httpcore.NetworkStream:
        left = _remaining(timeout, httpcore.ConnectTimeout)

        return DeadlineStream(self._backend.connect_tcp(host, port, left, *options, **named_options))
