"""
Four providers on this machine, of which one can be relied on.

Use: `python benchmarks/chaos_providers.py` prints their URLs by name, as JSON, and serves until it is stopped. They
speak vLLM's API, on /rerank: `slow` answers, but when is a matter of luck; `failing` answers three times out of eight;
`garbled` says every time something that is no ranking; `healthy` ranks at once.
"""

from __future__ import annotations

import json
import socket
import sys
import time
from collections.abc import Callable
from math import nan
from pathlib import Path
from random import Random
from threading import Thread
from typing import Any

# A script finds only what lies beside it.
sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks.upstream import HOST, Answers, serve, url_of, written

SHORTEST, LONGEST, TAIL = 0.03, 5.0, 1.2
"""Seconds that the slow one takes, and the index of their Pareto distribution: half of them are over in 0.05, one in
forty takes more than 0.7."""
CHANCE = Random(6)

Rows = list[dict[str, Any]]


def main() -> None:
    servers = {name: socket.create_server((HOST, 0)) for name in PROVIDERS}
    print(json.dumps({name: url_of(server) for name, server in servers.items()}), flush=True)
    threads = [Thread(target=serve, args=(server, PROVIDERS[name])) for name, server in servers.items()]
    for thread in threads:
        thread.start()


def healthy(client: socket.socket, question: bytes) -> None:
    client.sendall(written(_told(_rows(question))))


def slow(client: socket.socket, question: bytes) -> None:
    time.sleep(min(SHORTEST * CHANCE.paretovariate(TAIL), LONGEST))
    healthy(client, question)


def failing(client: socket.socket, question: bytes) -> None:
    CHANCE.choice((healthy, healthy, healthy, *FAILURES))(client, question)


def garbled(client: socket.socket, question: bytes) -> None:
    garble = CHANCE.choice((breaks_off, *map(_said, NO_RANKINGS)))
    garble(client, question)


def breaks_off(client: socket.socket, question: bytes) -> None:
    """Promise a whole reply, send half of it, and hang up."""
    reply = written(_told(_rows(question)))
    client.sendall(reply[: len(reply) // 2])
    hangs_up(client, question)


def hangs_up(_: socket.socket, __: bytes) -> None:
    raise ConnectionAbortedError


def _always(reply: bytes) -> Answers:
    return lambda client, _: client.sendall(reply)


def _said(garble: Callable[[Rows], bytes]) -> Answers:
    return lambda client, question: client.sendall(written(garble(_rows(question))))


def _rows(question: bytes) -> Rows:
    """A result for each document of *question*, in any order."""
    indices = list(range(len(json.loads(question)["documents"])))
    CHANCE.shuffle(indices)

    return [{"index": index, "relevance_score": CHANCE.random()} for index in indices]


def _told(rows: Rows, **changes: Any) -> bytes:
    """A reply with these *rows*, of which the last has *changes*."""
    return json.dumps({"results": [*rows[:-1], rows[-1] | changes], "usage": {"total_tokens": 7}}).encode()


NO_RANKINGS: tuple[Callable[[Rows], bytes], ...] = (
    lambda rows: _told(rows, index=len(rows)),
    lambda rows: _told(rows, index=-1),
    lambda rows: _told([rows[0], *rows]),
    lambda rows: _told(rows, relevance_score=nan),
    lambda rows: _told(rows, relevance_score="high"),
    lambda rows: _told(rows)[:-20],
    lambda rows: b'{"results": []}',
    lambda rows: b"[" * 100_000,
    lambda rows: b"<!doctype html><title>Welcome</title><p>It works!",
)
FAILURES: tuple[Answers, ...] = (
    _always(written(b'{"detail": "out of memory"}', 500)),
    _always(written(b"<h1>Bad Gateway</h1>", 502)),
    _always(written(b"", 503)),
    _always(written(b"{}", 503, b"retry-after: 1\r\n")),
    hangs_up,
)
PROVIDERS: dict[str, Answers] = {"slow": slow, "failing": failing, "garbled": garbled, "healthy": healthy}


if __name__ == "__main__":
    main()
