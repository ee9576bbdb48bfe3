"""The gateway as a user starts it, for clients to call over HTTP, and a provider that has too much to do."""

from __future__ import annotations

import json
import os
import shlex
import socket
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any, ClassVar
from uuid import uuid4

import httpx
import pytest

PATIENCE = 60.0

# Before the clients are imported: tests call nobody but the gateway.
os.environ |= {"HAYSTACK_TELEMETRY_ENABLED": "False", "LITELLM_LOCAL_MODEL_COST_MAP": "True"}


class BusyProvider(BaseHTTPRequestHandler):
    """Reranks for vLLM's clients: never as the model `busy`, and as any other one from the second request on."""

    protocol_version = "HTTP/1.1"
    seen: ClassVar[set[str]] = set()

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["content-length"])))
        model, count = asked["model"], len(asked["documents"])
        if model == "busy" or model not in self.seen:
            self.seen.add(model)
            return self._say(429, {"message": "later"})
        rows = [{"index": index, "relevance_score": 1 / (1 + index)} for index in range(count)]

        return self._say(200, {"results": rows, "usage": {"total_tokens": 7}})

    def _say(self, status: int, content: dict[str, Any]) -> None:
        body = json.dumps(content).encode()
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.send_header("retry-after", "1")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        """Nobody reads along."""


@pytest.fixture(scope="session")
def busy_provider() -> Iterator[str]:
    """The base URL of a provider that says: not before a second has passed."""
    with ThreadingHTTPServer(("127.0.0.1", 0), BusyProvider) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.fixture
def soon() -> str:
    """The name of a model that has no time at first and ranks when it is asked again."""
    return f"vllm/{uuid4().hex}"


@pytest.fixture(scope="session")
def start_gateway() -> Iterator[Callable[..., str]]:
    """Starts a gateway with settings of one's own and tells its base URL; the key is sk-local."""
    with ExitStack() as running:
        yield lambda **settings: running.enter_context(_gateway(settings))


@pytest.fixture(scope="session")
def gateway(busy_provider: str, start_gateway: Callable[..., str]) -> str:
    """The base URL of a running gateway; its model vllm/busy never has time."""
    return start_gateway(GATEWAY_CONFIG=f'[providers.vllm]\nurl = "{busy_provider}"')


@contextmanager
def _gateway(settings: Mapping[str, str]) -> Iterator[str]:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    known = {**os.environ, "PORT": str(port), "MASTER_KEY": "sk-local", **settings}
    with subprocess.Popen(shlex.split(os.environ["GATEWAY"]), env=known) as process:
        try:
            yield _ready(f"http://127.0.0.1:{port}", process)
        finally:
            process.terminate()


def _ready(url: str, process: subprocess.Popen[bytes]) -> str:
    late = time.monotonic() + PATIENCE
    while time.monotonic() < late and process.poll() is None:
        try:
            if httpx.get(f"{url}/health").is_success:
                return url
        except httpx.TransportError:
            time.sleep(0.1)

    raise AssertionError("the gateway did not start")
