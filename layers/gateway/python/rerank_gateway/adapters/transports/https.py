"""Over HTTP(S), on connections that are kept for the next request."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Lock

import httpcore

from rerank_gateway.adapters.transports.deadline_backend import DeadlineBackend
from rerank_gateway.adapters.transports.messages import ProviderRequest, ProviderResponse, Transport
from rerank_gateway.domain.deadline import Deadline
from rerank_gateway.domain.errors import BadReply, TargetFailed, TargetTimedOut

MAX_RESPONSE_BYTES = 32 * 1024 * 1024
"""Bytes. Ten thousand documents of 1 KB, echoed back by a server that always does, are 10 MB."""
KEEPALIVE_S = 20.0
"""Seconds that an idle connection is kept: less than the servers' own limits, which start at a minute."""


@dataclass(frozen=True, slots=True)
class HttpsTransport(Transport):
    """
    Redirects are not followed, as a key must not travel on; proxies of the environment are not used.

    httpcore is httpx's own engine: without the layer above it a request costs half the time, and it lets us set
    one limit to the whole exchange.
    """

    pools: dict[bytes, httpcore.ConnectionPool] = field(default_factory=dict)
    opening: Lock = field(default_factory=Lock)

    def send(self, request: ProviderRequest, deadline: Deadline) -> ProviderResponse:
        url, timeout = httpcore.URL(request.url), deadline.remaining()
        until = time.monotonic() + timeout
        limits = {"connect": until, "read": until, "write": until, "pool": timeout}
        headers = _headers(url, request.headers, len(request.body))
        post = self._pool(url.scheme).stream(
            "POST", url, headers=headers, content=request.body, extensions={"timeout": limits}
        )
        with _translate_errors(timeout), post as response:
            return ProviderResponse(
                response.status, _decode_headers(response.headers), _read_body(response.iter_stream())
            )

    def close(self) -> None:
        """Let go of all connections; the next request opens new ones."""
        while self.pools:
            self.pools.popitem()[1].close()

    def _pool(self, scheme: bytes) -> httpcore.ConnectionPool:
        with self.opening:
            if scheme not in self.pools:
                self.pools[scheme] = _open_pool(scheme)

            return self.pools[scheme]


def _open_pool(scheme: bytes) -> httpcore.ConnectionPool:
    # Certificates take 20 ms to load: once, shared by all connections, and not for a plain address.
    trust = httpcore.default_ssl_context() if scheme == b"https" else None

    return httpcore.ConnectionPool(
        ssl_context=trust,
        max_connections=200,
        max_keepalive_connections=20,
        keepalive_expiry=KEEPALIVE_S,
        network_backend=DeadlineBackend(),
    )


def _headers(url: httpcore.URL, own: Mapping[str, str], length: int) -> list[tuple[bytes, bytes]]:
    headers = {
        "host": _host(url),
        "accept": "application/json",
        "accept-encoding": "identity",
        "content-type": "application/json",
        "content-length": str(length),
        **own,
    }

    return [(name.encode("ascii"), value.encode("utf-8")) for name, value in headers.items()]


def _host(url: httpcore.URL) -> str:
    host = url.host.decode("ascii")

    return host if url.port is None else f"{host}:{url.port}"


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


@contextmanager
def _translate_errors(timeout: float) -> Iterator[None]:
    try:
        yield
    except httpcore.TimeoutException as late:
        raise TargetTimedOut(f"no answer within {timeout:.1f} s") from late
    except httpcore.RemoteProtocolError as garbled:
        raise BadReply("the reply is not HTTP, or breaks off") from garbled
    except (httpcore.NetworkError, httpcore.LocalProtocolError, httpcore.UnsupportedProtocol) as unreachable:
        raise TargetFailed("the provider cannot be reached") from unreachable
