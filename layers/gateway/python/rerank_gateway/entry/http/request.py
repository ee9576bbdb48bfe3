"""A request as API Gateway hands it over."""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from rerank_gateway.domain.deadline import Deadline
from rerank_gateway.domain.trace import Trace
from rerank_gateway.entry.http.body import decode_body, require_json
from rerank_gateway.entry.request_log import RequestLog

VIRTUAL_KEY_HEADER = "x-bf-vk"
KEY_HEADERS = (VIRTUAL_KEY_HEADER, "x-bf-api-key", "x-api-key", "api-key", "authorization")
"""The most particular first: some clients always send `Authorization`, whether they have a key or not."""
SCHEMES = ("bearer", "token")
"""What clients write before a key in `Authorization`."""


@dataclass(slots=True)
class HttpRequest:
    """An API Gateway *event*, to be answered before *deadline*."""

    event: Mapping[str, Any]
    request_id: str
    deadline: Deadline
    headers: Mapping[str, str]
    log: RequestLog = field(default_factory=RequestLog)
    trace: Trace | None = None
    _body: bytes | None = None

    @classmethod
    def of(cls, event: Mapping[str, Any], deadline: Deadline) -> HttpRequest:
        # API Gateway sends names in lower case; `sam local start-api` leaves them as the client wrote them.
        headers = {name.lower(): value for name, value in (event.get("headers") or {}).items()}

        return cls(event, event["requestContext"]["requestId"], deadline, headers)

    def body(self) -> bytes:
        """The JSON bytes that the caller meant. Raises UnsupportedMedia, InvalidRequest or TooLarge."""
        require_json(self.headers.get("content-type", ""))

        return self.content()

    def content(self) -> bytes:
        """The bytes of a body of any type. Raises UnsupportedMedia, InvalidRequest or TooLarge."""
        if self._body is None:
            self._body = decode_body(
                self.headers, self.event.get("body") or "", bool(self.event.get("isBase64Encoded"))
            )

        return self._body

    def token(self) -> str | None:
        """The caller's key, from whichever header it stands in, with or without a scheme."""
        value = next((self.headers[name] for name in KEY_HEADERS if self.headers.get(name)), "").strip()
        scheme, _, token = value.partition(" ")
        if scheme.lower() == "basic":
            return _basic_token(token.strip())

        return (token.strip() if scheme.lower() in SCHEMES else value) or None


def _basic_token(credentials: str) -> str | None:
    """
    The key in HTTP Basic's *credentials* (RFC 7617): the password, or the user name where there is none. So clients
    without a place for a key send one that stands in the address: `https://x:KEY@host/`.
    """
    try:
        user, _, password = b64decode(credentials, validate=True).decode().partition(":")
    except ValueError:
        # The key itself, which some write there.
        return credentials or None

    return password or user or None
