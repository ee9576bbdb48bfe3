"""HTTP requests and responses, whatever server carries them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import unquote

Headers = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """An HTTP request as it came: *target* is path and query, still percent-encoded."""

    method: str
    target: str
    headers: Headers = ()
    body: bytes = b""
    protocol: str = "HTTP/1.1"
    scheme: str = "http"
    port: int = 80
    source_ip: str = "127.0.0.1"

    @property
    def path(self) -> str:
        # API Gateway's `rawPath` is less raw than it says: it comes decoded.
        return unquote(self.target.partition("?")[0])

    @property
    def query(self) -> str:
        return self.target.partition("?")[2]


@dataclass(frozen=True, slots=True)
class Response:
    status: int
    headers: Headers = ()
    body: bytes = b""

    @classmethod
    def message(cls, status: int, text: str) -> Response:
        """What API Gateway says itself, when no function does."""
        body = json.dumps({"message": text}, separators=(",", ":"))

        return cls(status, [("content-type", "application/json")], body.encode())
