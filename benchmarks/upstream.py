"""
A provider on this machine, so that what is measured is the client's side.

Use: `python benchmarks/upstream.py [PORT]` prints its URL and serves until it is stopped; a benchmark runs it in a
process of its own with `running()`. Every POST is answered as Cohere's API v2 does, with one result a document, best
first. A reply is made when a body of its length comes for the first time; from then on it lies ready.
"""

from __future__ import annotations

import json
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread
from typing import BinaryIO

HOST = "127.0.0.1"
PATH = "/v2/rerank"


@contextmanager
def running() -> Iterator[str]:
    """The URL of an upstream in a process of its own, which ends with the block."""
    with subprocess.Popen([sys.executable, __file__], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        try:
            yield process.stdout.readline().strip()
        finally:
            process.terminate()


def settings(url: str) -> dict[str, str]:
    """The environment in which the gateway takes the upstream at *url* for Cohere, and needs no AWS."""
    aws = ("KEYS_TABLE", "MASTER_KEY_ARN", "PROVIDER_SECRETS_ARN")

    return {
        **dict.fromkeys(aws, ""),
        "MASTER_KEY": "sk-local",
        "COHERE_API_KEY": "co-local",
        "GATEWAY_CONFIG": f'[providers.cohere]\nurl = "{url}"\n',
    }


def reply_to(documents: int) -> bytes:
    """What Cohere answers about so many documents."""
    results = [{"index": index, "relevance_score": round(0.99 - index / 1e4, 8)} for index in range(documents)]
    units = {"billed_units": {"search_units": -(-documents // 100)}}

    return json.dumps(
        {"id": "loopback", "results": results, "meta": {"api_version": {"version": "2"}, **units}}
    ).encode()


def main(port: int = 0) -> None:
    with socket.create_server((HOST, port)) as server:
        print(f"http://{HOST}:{server.getsockname()[1]}", flush=True)
        replies: dict[int, bytes] = {}
        while True:
            client, _ = server.accept()
            Thread(target=_answer, args=(client, replies), daemon=True).start()


def _answer(client: socket.socket, replies: dict[int, bytes]) -> None:
    client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    with client, client.makefile("rb") as incoming:
        while (length := _length(incoming)) is not None:
            body = incoming.read(length)
            if length not in replies:
                replies[length] = _written(reply_to(len(json.loads(body)["documents"])))
            client.sendall(replies[length])


def _length(incoming: BinaryIO) -> int | None:
    """How long the next body is; None when no more come."""
    length = None
    for line in iter(incoming.readline, b"\r\n"):
        name, _, value = line.partition(b":")
        if not line:
            return None
        if name.lower() == b"content-length":
            length = int(value)

    return length


def _written(body: bytes) -> bytes:
    return b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: %d\r\n\r\n%b" % (len(body), body)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
