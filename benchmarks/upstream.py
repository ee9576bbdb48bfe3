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
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from threading import Thread
from typing import BinaryIO, TypeAlias

HOST = "127.0.0.1"
PATH = "/v2/rerank"

Answers: TypeAlias = Callable[[socket.socket, bytes], None]
"""Replies to a body, in whatever way, and may hang up with an OSError."""

EVERYTHING = """
last_resort = "local/bm25"
[aliases.hedged]
targets = ["cohere/rerank-v3.5", "jina/jina-reranker-v3", "own/bge"]
hedge_after_ms = 200
last_resort = "voyage/rerank-2.5"
[aliases.fused]
targets = ["cohere/rerank-v3.5", "jina/jina-reranker-v3"]
fuse = "rrf"
[providers.cohere]
url = "{url}"
max_parallel = 100
[providers.own]
like = "vllm"
url = "{url}"
max_parallel = 5
[limits]
max_documents = 5000
"""


@contextmanager
def running(script: str = __file__) -> Iterator[str]:
    """What an upstream in a process of its own, which ends with the block, says first: this one says its URL."""
    with subprocess.Popen([sys.executable, script], stdout=subprocess.PIPE, text=True) as process:
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


def all_settings(url: str) -> dict[str, str]:
    """Those, and beside them all that an operator can have, none of which a plain request to Cohere makes use of."""
    return {**settings(url), "CACHE_TABLE": "cache", "GATEWAY_CONFIG": EVERYTHING.format(url=url)}


def reply_to(documents: int) -> bytes:
    """What Cohere answers about so many documents."""
    results = [{"index": index, "relevance_score": round(0.99 - index / 1e4, 8)} for index in range(documents)]
    units = {"billed_units": {"search_units": -(-documents // 100)}}

    return json.dumps(
        {"id": "loopback", "results": results, "meta": {"api_version": {"version": "2"}, **units}}
    ).encode()


def main(port: int = 0) -> None:
    replies: dict[int, bytes] = {}

    def answers(client: socket.socket, body: bytes) -> None:
        if len(body) not in replies:
            replies[len(body)] = written(reply_to(len(json.loads(body)["documents"])))
        client.sendall(replies[len(body)])

    with socket.create_server((HOST, port)) as server:
        print(url_of(server), flush=True)
        serve(server, answers)


def url_of(server: socket.socket) -> str:
    return f"http://{HOST}:{server.getsockname()[1]}"


def serve(server: socket.socket, answers: Answers) -> None:
    while True:
        client, _ = server.accept()
        Thread(target=_converse, args=(client, answers), daemon=True).start()


def _converse(client: socket.socket, answers: Answers) -> None:
    client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    with suppress(OSError), client, client.makefile("rb") as incoming:
        while (length := _length(incoming)) is not None and len(body := incoming.read(length)) == length:
            answers(client, body)


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


def written(body: bytes, status: int = 200, more: bytes = b"") -> bytes:
    """A reply as it goes over the wire; *more* are further lines of its head."""
    head = b"HTTP/1.1 %d X\r\n%bcontent-type: application/json\r\ncontent-length: %d\r\n\r\n"

    return head % (status, more, len(body)) + body


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
