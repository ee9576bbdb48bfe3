"""The HTTP server: bytes in, bytes out, a thread for each connection."""

from __future__ import annotations

import sys
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler
from socketserver import ThreadingTCPServer
from time import perf_counter
from typing import Any

from local.http.api_gateway import MAX_BODY_BYTES
from local.http.bodies import read_body
from local.http.messages import Request, Response

HOST = "127.0.0.1"

Handle = Callable[[Request], Response]
OnResponse = Callable[[Request, Response, float], None]
"""Is called after each request, with its response and the seconds that it took."""


class HttpServer(ThreadingTCPServer):
    """Binds *port* when it is made, responds once it serves. Port 0 takes a free one."""

    # Not http.server's HTTPServer, which looks up the host's name when it starts: seconds, on some machines.
    allow_reuse_address = True
    daemon_threads = True
    request_queue_size = 1024

    def __init__(self, port: int, on_response: OnResponse) -> None:
        super().__init__((HOST, port), _Connection, bind_and_activate=False)
        self.on_response = on_response
        self.server_bind()

    @property
    def port(self) -> int:
        port: int = self.server_address[1]

        return port

    def serve(self, handle: Handle, ready: Callable[[], None]) -> None:
        """Listen, say so by *ready*, and respond by *handle* for ever."""
        self.handle_http = handle
        self.server_activate()
        ready()
        self.serve_forever()

    def handle_error(self, request: Any, client_address: Any) -> None:
        # Callers may hang up when they like.
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)


class _Connection(BaseHTTPRequestHandler):
    """One caller's connection, which stays open from request to request."""

    protocol_version = "HTTP/1.1"
    # Headers and body are two packets; without this the second one waits for the caller to acknowledge the first.
    disable_nagle_algorithm = True
    server: HttpServer

    def _serve(self) -> None:
        started = perf_counter()
        request, response = self._response()
        seconds = perf_counter() - started
        self._send(response)
        self.server.on_response(request, response, seconds)

    do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = do_TRACE = _serve  # noqa: N815 (http.server's)

    def _response(self) -> tuple[Request, Response]:
        try:
            request = self._request(read_body(self.rfile, self.headers, MAX_BODY_BYTES))
        except ValueError:
            # Where this body ends, and with it where the next request begins, is anybody's guess.
            self.close_connection = True
            return self._request(b""), Response.message(400, "Bad Request")

        return request, self.server.handle_http(request)

    def _request(self, body: bytes) -> Request:
        return Request(
            method=self.command,
            target=self.path,
            headers=self.headers.items(),
            body=body,
            protocol=self.request_version,
            port=self.server.port,
            source_ip=self.client_address[0],
        )

    def _send(self, response: Response) -> None:
        self.send_response(response.status)
        for name, value in response.headers:
            self.send_header(name, value)
        if response.status != 204:
            self.send_header("content-length", str(len(response.body)))
        if self.close_connection:
            self.send_header("connection", "close")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(response.body)

    def version_string(self) -> str:
        return "local"

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (http.server's name)
        """Nothing: one line a request is printed elsewhere."""
