"""A response as API Gateway takes it."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from pydantic_core import to_json


@dataclass(frozen=True, slots=True)
class HttpResponse:
    """*content* becomes JSON; bytes are sent as they are, and need not be text where they are *binary*."""

    status: int
    content: Any
    headers: Mapping[str, str] = field(default_factory=dict)
    binary: bool = False

    def to_event(self, request_id: str) -> dict[str, Any]:
        """The response in payload format 2.0."""
        return {
            "statusCode": self.status,
            "headers": {"content-type": "application/json", "x-request-id": request_id, **self.headers},
            "body": b64encode(self._body()).decode() if self.binary else self._body().decode(),
            "isBase64Encoded": self.binary,
        }

    def _body(self) -> bytes:
        return self.content if isinstance(self.content, bytes) else to_json(self.content, inf_nan_mode="null")
