"""A server that really ranks, for whoever asks it in Cohere's words or in those of TEI."""

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
    """Scores each text by *score*, when *go* is set; *most* were asked for at the same time."""

    score: Callable[[str], float]
    url: str = ""
    questions: list[Any] = field(default_factory=list)
    go: Event = field(default_factory=Event)
    lock: Lock = field(default_factory=Lock)
    busy: int = 0
    most: int = 0

    def answer(self, question: Any) -> Any:
        self._enter(question)
        self.go.wait(30)
        self._leave()
        texts = question["texts"] if "texts" in question else question["documents"]
        word = "score" if "texts" in question else "relevance_score"
        rows = [{"index": index, word: self.score(text)} for index, text in enumerate(texts)]

        return rows if "texts" in question else {"results": rows}

    def _enter(self, question: Any) -> None:
        with self.lock:
            self.questions.append(question)
            self.busy += 1
            self.most = max(self.most, self.busy)

    def _leave(self) -> None:
        with self.lock:
            self.busy -= 1


@contextmanager
def ranker(score: Callable[[str], float] = len, *, silent: bool = False) -> Iterator[Ranker]:
    """A running one, gone at the end of the block; a *silent* one answers nobody until then."""
    ranking = Ranker(score)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        # One packet for a reply: two of them wait for each other for 40 ms.
        wbufsize = -1

        def do_POST(self) -> None:
            said = json.dumps(ranking.answer(json.loads(self.rfile.read(int(self.headers["content-length"])))))
            # Whoever asked may have hung up.
            with suppress(OSError):
                self.send_response(200)
                self.send_header("content-length", str(len(said)))
                self.end_headers()
                self.wfile.write(said.encode())

        def log_message(self, *_: Any) -> None: ...

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.block_on_close = False
        ranking.url = f"http://127.0.0.1:{server.server_port}"
        if not silent:
            ranking.go.set()
        Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        yield ranking
        ranking.go.set()
        server.shutdown()
