"""One request on its way through the gateway."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from rerank_gateway.domain.deadline import Deadline
from rerank_gateway.entry.http.body import decode_body

if TYPE_CHECKING:
    from rerank_gateway.domain.attempt import Attempt

KEY_HEADERS = ("x-bf-vk", "x-api-key", "api-key", "authorization")
"""The most particular first: some clients always send `Authorization`, whether they have a key or not."""


@dataclass(slots=True)
class Call:
    """
    An API Gateway *event* and what is learnt of it for the log.

    *model* is what the caller asked for, once that is known.
    """

    event: Mapping[str, Any]
    request_id: str
    deadline: Deadline
    headers: Mapping[str, str]
    model: str | None = None
    notes: dict[str, Any] = field(default_factory=dict)
    attempts: Sequence[Attempt] = ()
    _body: bytes | None = None

    @classmethod
    def of(cls, event: Mapping[str, Any], deadline: Deadline) -> Call:
        # API Gateway sends names in lower case; `sam local start-api` leaves them as the client wrote them.
        headers = {name.lower(): value for name, value in (event.get("headers") or {}).items()}

        return cls(event, event["requestContext"]["requestId"], deadline, headers)

    def body(self) -> bytes:
        """The JSON bytes that the caller meant. Raises UnsupportedMedia, InvalidRequest or TooLarge."""
        if self._body is None:
            self._body = decode_body(
                self.headers, self.event.get("body") or "", bool(self.event.get("isBase64Encoded"))
            )

        return self._body

    def token(self) -> str | None:
        """The caller's key, from whichever header it stands in, with or without a scheme."""
        value = next((self.headers[name] for name in KEY_HEADERS if self.headers.get(name)), "").strip()
        scheme, _, token = value.partition(" ")

        return (token.strip() if scheme.lower() == "bearer" else value) or None
