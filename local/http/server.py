"""The HTTP server: waitress, and WSGI's words for our requests and responses."""

from __future__ import annotations

import logging
import socket
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from time import perf_counter
from typing import TYPE_CHECKING

import waitress  # type: ignore[import-untyped]  # it brings no types
from werkzeug.datastructures import EnvironHeaders
from werkzeug.http import HTTP_STATUS_CODES
from werkzeug.wsgi import ClosingIterator

from local.http.api_gateway import MAX_BODY_BYTES
from local.http.messages import Request, Response

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

HOST = "127.0.0.1"
BACKLOG = 1024
MAX_CONNECTIONS = 1024
MAX_CONCURRENT_REQUESTS = 100
"""A thread each. Those that are still on their way in need none, and further ones wait."""

Handle = Callable[[Request], Response]
OnResponse = Callable[[Request, Response, float], None]
"""Is called after each request, with its response and the seconds that it took."""


class HttpServer:
    """Binds *port* when it is made, responds once it serves. Port 0 takes a free one. Raises OSError if it cannot."""

    def __init__(self, port: int, on_response: OnResponse) -> None:
        self.listener = socket.create_server((HOST, port), backlog=BACKLOG)
        self.on_response = on_response

    @property
    def port(self) -> int:
        port: int = self.listener.getsockname()[1]

        return port

    def serve(self, handle: Handle, ready: Callable[[], None]) -> None:
        """Say so by *ready*, and respond by *handle* for ever."""
        # That requests wait for a thread is nothing to warn of.
        logging.getLogger("waitress").setLevel(logging.ERROR)
        server = waitress.create_server(
            WsgiApp(handle, self.on_response),
            sockets=[self.listener],
            ident="local",
            threads=MAX_CONCURRENT_REQUESTS,
            backlog=BACKLOG,
            connection_limit=MAX_CONNECTIONS,
            # select() ends at 1024 files.
            asyncore_use_poll=True,
            # Callers may hang up when they like.
            log_socket_errors=False,
            # API Gateway passes on X-Forwarded-For, too.
            clear_untrusted_proxy_headers=False,
        )
        ready()
        server.run()


@dataclass(frozen=True, slots=True)
class WsgiApp:
    handle: Handle
    on_response: OnResponse

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        started = perf_counter()
        request = to_request(environ)
        response = self.handle(request)
        seconds = perf_counter() - started
        start_response(_status_line(response.status), [*response.headers, ("content-length", str(len(response.body)))])
        body = [] if request.method == "HEAD" else [response.body]

        # Only then: who cannot print can respond all the same.
        return ClosingIterator(body, lambda: self.on_response(request, response, seconds))


def to_request(environ: WSGIEnvironment) -> Request:
    """The request in *environ*; of a body that is too large, only as much as shows that it is."""
    return Request(
        method=environ["REQUEST_METHOD"],
        target=environ["REQUEST_URI"],
        headers=list(EnvironHeaders(environ)),
        body=environ["wsgi.input"].read(MAX_BODY_BYTES + 1),
        protocol=environ["SERVER_PROTOCOL"],
        port=int(environ["SERVER_PORT"]),
        source_ip=environ["REMOTE_ADDR"],
    )


def _status_line(status: int) -> str:
    return f"{status} {HTTP_STATUS_CODES.get(status, 'Unknown')}"
