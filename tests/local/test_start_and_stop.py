"""How the gateway starts on a busy machine, and how it ends."""

from __future__ import annotations

import json
import re
import signal
import socket
import struct
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import httpx
import pytest

from tests.cross_encoders import write
from tests.local.conftest import Gateway, run_gateway

TIMEOUT_SECONDS = 10.0
QUESTION = json.dumps({"model": "cohere/rerank-v3.5", "query": "apples", "documents": ["green apples"]}).encode()


@contextmanager
def deaf_provider() -> Iterator[tuple[socket.socket, str]]:
    """A provider that takes connections and never says a word, and the configuration that leads to it."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.settimeout(TIMEOUT_SECONDS)
        yield listening, f'[providers.cohere]\nurl = "http://127.0.0.1:{listening.getsockname()[1]}"'


def asks(gateway: Gateway) -> socket.socket:
    connection = gateway.connection()
    head = (
        "POST /v1/rerank HTTP/1.1\r\n"
        f"authorization: {gateway.authorization['authorization']}\r\n"
        f"content-type: application/json\r\ncontent-length: {len(QUESTION)}\r\n\r\n"
    )
    connection.sendall(head.encode() + QUESTION)

    return connection


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_stops_at_once(number: signal.Signals) -> None:
    """
    Ctrl-C and SIGTERM end it quietly and in good standing, even while a provider keeps a request waiting.
    """
    with (
        deaf_provider() as (provider, config),
        run_gateway(GATEWAY_CONFIG=config, COHERE_API_KEY="a-key", MASTER_KEY="sk-other") as gateway,
        closing(asks(gateway)),
        closing(provider.accept()[0]),
    ):
        gateway.process.send_signal(number)
        output, _ = gateway.process.communicate(timeout=TIMEOUT_SECONDS)

        assert (gateway.process.returncode, output.strip()) == (0, "")


def test_callers_may_hang_up() -> None:
    """
    Who hangs up in the middle of a request or before its response disturbs nobody, and leaves no traceback.
    """
    with run_gateway() as gateway:
        for sent in (b"POST /v1/rerank HTTP/1.1\r\ncontent-length: 100\r\n\r\n{", b"GET /nowhere HTTP/1.1\r\n\r\n"):
            with gateway.connection() as connection:
                # So that closing it resets it.
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                connection.sendall(sent)

        healthy = httpx.get(f"{gateway.url}/health", trust_env=False).is_success
        gateway.process.send_signal(signal.SIGTERM)
        output, _ = gateway.process.communicate(timeout=TIMEOUT_SECONDS)

    assert healthy
    assert all(re.match(r"[\d:]{8}  GET ", line) for line in output.split("\n") if line)


def test_a_wrong_configuration_is_said_at_once() -> None:
    """
    A slip in the configuration ends the start with its reason, and does not wait for the first request.
    """
    slip = '[providers.cohre]\nurl = "http://127.0.0.1"'

    with (
        pytest.raises(AssertionError, match=r"no banner: The configuration is wrong:\nGATEWAY_CONFIG:1: .*cohre"),
        run_gateway(GATEWAY_CONFIG=slip),
    ):
        pass


def test_a_model_that_cannot_be_used_is_said_at_once(tmp_path: Path) -> None:
    """
    And one that can be is in memory before anybody asks.
    """
    with pytest.raises(AssertionError, match=r"no banner: CPU_MODEL is wrong: .*model\.onnx"):
        run_gateway(CPU_MODEL=str(tmp_path)).__enter__()

    with run_gateway(CPU_MODEL=str(write(tmp_path))) as gateway:
        assert gateway.url


def test_a_taken_port_is_said_in_a_sentence() -> None:
    """
    Where another program has the port, one line says so.
    """
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]

        with pytest.raises(AssertionError) as refused, run_gateway(PORT=str(port)):
            pass

    assert f"no banner: Port {port} is taken: stop what runs there, or choose another one with PORT.\n" == str(
        refused.value
    )
