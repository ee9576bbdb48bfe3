"""AWS Lambda on loopback, as far as Invoke goes: it runs a handler, one event at a time in each environment."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock, Thread
from typing import Any

from tests.fakes import FakeContext

Handler = Callable[[Any, Any], Any]


@dataclass
class LambdaService:
    """Throttles what is more than *concurrency* at a time. *events* came through, *most* of them at once."""

    handler: Handler
    concurrency: int = 1000
    events: list[Any] = field(default_factory=list)
    throttled: int = 0
    running: int = 0
    most: int = 0
    url: str = ""
    lock: Lock = field(default_factory=Lock)

    def invoke(self, event: Any) -> tuple[int, Any, dict[str, str]]:
        with self.lock:
            if self.running >= self.concurrency:
                self.throttled += 1
                reason = {"Reason": "ConcurrentInvocationLimitExceeded", "Type": "User", "message": "Rate Exceeded."}
                return 429, reason, {"x-amzn-errortype": "TooManyRequestsException"}
            self.running += 1
            self.most = max(self.most, self.running)
            self.events.append(event)
        try:
            return 200, self.handler(event, FakeContext()), {}
        except Exception as error:  # as Lambda does
            return (
                200,
                {"errorMessage": str(error), "errorType": type(error).__name__},
                {"x-amz-function-error": "Unhandled"},
            )
        finally:
            with self.lock:
                self.running -= 1


@contextmanager
def lambda_service(handler: Handler, concurrency: int = 1000) -> Iterator[LambdaService]:
    service = LambdaService(handler, concurrency)

    class Requests(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            event = json.loads(self.rfile.read(int(self.headers["content-length"])))
            status, body, headers = service.invoke(event)
            content = json.dumps(body).encode()
            self.send_response(status)
            for name, value in {**headers, "content-length": str(len(content))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Requests)
    server.daemon_threads = True
    service.url = f"http://127.0.0.1:{server.server_port}"
    Thread(target=server.serve_forever, daemon=True).start()
    yield service
    server.shutdown()
    server.server_close()
