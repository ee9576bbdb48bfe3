"""A server that really ranks, in Cohere's API, in that of TEI, and in those that respond with `data`."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Lock, Thread
from typing import Any


@dataclass
class Ranker:
    """Scores each text by *score*, when *go* is set; *most* requests were here at the same time."""

    score: Callable[[str], float]
    url: str = ""
    requests: list[Any] = field(default_factory=list)
    go: Event = field(default_factory=Event)
    lock: Lock = field(default_factory=Lock)
    busy: int = 0
    most: int = 0

    def answer(self, request: Any) -> Any:
        self._enter(request)
        self.go.wait(30)
        self._leave()
        texts = next(request[name] for name in ("texts", "input", "documents") if name in request)
        scores = [(index, self.score(text)) for index, text in enumerate(texts)]
        rows = [{"index": index, "score": score, "relevance_score": score} for index, score in scores]

        return rows if "texts" in request else {"results": rows, "data": rows}

    def _enter(self, request: Any) -> None:
        with self.lock:
            self.requests.append(request)
            self.busy += 1
            self.most = max(self.most, self.busy)

    def _leave(self) -> None:
        with self.lock:
            self.busy -= 1


class Handler(BaseHTTPRequestHandler):
    """Answers for the *ranker* of a subclass."""

    protocol_version = "HTTP/1.1"
    # One packet for a response: two of them wait for each other for 40 ms.
    wbufsize = -1
    ranker: Ranker

    def do_POST(self) -> None:
        request = json.loads(self.rfile.read(int(self.headers["content-length"])))
        content = json.dumps(self.ranker.answer(request)).encode()
        # The client may have hung up.
        with suppress(OSError):
            self.send_response(200)
            self.send_header("content-length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

    def log_message(self, *_: Any) -> None: ...


@contextmanager
def ranker(score: Callable[[str], float] = len, *, silent: bool = False) -> Iterator[Ranker]:
    """A running one, gone at the end of the block; a *silent* one answers nobody until then."""
    ranking = Ranker(score)
    with ThreadingHTTPServer(("127.0.0.1", 0), type("RankerHandler", (Handler,), {"ranker": ranking})) as server:
        server.block_on_close = False
        ranking.url = f"http://127.0.0.1:{server.server_port}"
        if not silent:
            ranking.go.set()
        Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        yield ranking
        ranking.go.set()
        server.shutdown()
