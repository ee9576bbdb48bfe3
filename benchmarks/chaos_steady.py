"""
Three providers on this machine, each of which takes a second for everyone.

Use: `python benchmarks/chaos_steady.py` prints their URLs by name, as JSON, and serves until it is stopped. They speak
vLLM's API, on /rerank.
"""

from __future__ import annotations

import json
import socket
import sys
import time
from pathlib import Path
from threading import Thread

# A script finds only what lies beside it.
sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks.chaos_providers import healthy
from benchmarks.upstream import HOST, serve, url_of

SECONDS = 1.0
NAMES = ("healthy", "first", "spare")
BACKLOG = 1_024


def main() -> None:
    servers = {name: socket.create_server((HOST, 0), backlog=BACKLOG) for name in NAMES}
    print(json.dumps({name: url_of(server) for name, server in servers.items()}), flush=True)
    for server in servers.values():
        Thread(target=serve, args=(server, steady)).start()


def steady(client: socket.socket, question: bytes) -> None:
    time.sleep(SECONDS)
    healthy(client, question)


if __name__ == "__main__":
    main()
