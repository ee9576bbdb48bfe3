"""The gateway as a user starts it, for clients to call over HTTP."""

from __future__ import annotations

import os
import shlex
import socket
import subprocess
import time
from collections.abc import Iterator

import httpx
import pytest

PATIENCE = 60.0


@pytest.fixture(scope="session")
def gateway() -> Iterator[str]:
    """The base URL of a running gateway; its key is sk-local."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    environment = {**os.environ, "PORT": str(port), "MASTER_KEY": "sk-local"}
    with subprocess.Popen(shlex.split(os.environ["GATEWAY"]), env=environment) as process:
        yield _ready(f"http://127.0.0.1:{port}", process)
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
