"""A provider on loopback: a real HTTP server whose answer a test decides, byte by byte if need be."""

from __future__ import annotations

import json
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from itertools import takewhile
from threading import Thread
from typing import Any

Answer = Callable[[socket.socket], None]
"""Writes a reply to the connection, in whatever way."""


@dataclass
class Question:
    """What the provider was asked."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass
class Upstream:
    """Answers each question by its own of *answers*, or by the only one there is."""

    answers: list[Answer]
    questions: list[Question] = field(default_factory=list)
    url: str = ""

    def serve(self, connection: socket.socket) -> None:
        # Whoever asks may hang up at any time; that is what some of the tests are about.
        with suppress(OSError), connection, connection.makefile("rb") as stream:
            while question := _read(stream):
                self.questions.append(question)
                self.answers[0 if len(self.answers) == 1 else len(self.questions) - 1](connection)


def _read(stream: Any) -> Question | None:
    first = stream.readline().split()
    if len(first) != 3:
        return None
    lines = takewhile(lambda line: line.strip(), stream)
    headers = {
        name.lower(): value.strip() for name, _, value in (line.decode("latin-1").partition(":") for line in lines)
    }

    return Question(
        first[0].decode("latin-1"),
        first[1].decode("latin-1"),
        headers,
        stream.read(int(headers.get("content-length", 0))),
    )


def says(content: Any, status: int = 200, headers: dict[str, str] | None = None) -> Answer:
    """A well-formed reply: *content* as it is if it is bytes, else as JSON."""
    return lambda connection: connection.sendall(written(content, status, headers))


def written(content: Any, status: int = 200, headers: dict[str, str] | None = None) -> bytes:
    """That reply as it goes over the wire."""
    body = content if isinstance(content, bytes) else json.dumps(content).encode()
    lines = {"content-type": "application/json", "content-length": str(len(body)), **(headers or {})}
    head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())

    return f"HTTP/1.1 {status} X\r\n{head}\r\n".encode() + body


@contextmanager
def upstream(*answers: Answer, host: str = "127.0.0.1") -> Iterator[Upstream]:
    """A running server, gone at the end of the block."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.create_server((host, 0), family=family) as server:
        name = f"[{host}]" if ":" in host else host
        provider = Upstream(list(answers), url=f"http://{name}:{server.getsockname()[1]}")
        Thread(target=_accept, args=(server, provider), daemon=True).start()
        yield provider
        # Wakes the thread that waits in accept; closing alone would not.
        server.shutdown(socket.SHUT_RDWR)


def _accept(server: socket.socket, provider: Upstream) -> None:
    while True:
        try:
            connection, _ = server.accept()
        except OSError:
            return
        Thread(target=provider.serve, args=(connection,), daemon=True).start()
