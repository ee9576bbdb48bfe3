"""Secrets of endpoints, and how they sign (Standard Webhooks 1.0, symmetric)."""

from __future__ import annotations

from base64 import b64decode, b64encode
from dataclasses import dataclass
from hashlib import sha256
from hmac import digest

PREFIX = "whsec_"
SECRET_BYTES = 32
"""The specification asks for 24 to 64."""


@dataclass(frozen=True, slots=True)
class Secrets:
    """The *current* secret of an endpoint, and the *previous* one, which signs as well until then, in epoch seconds."""

    current: str
    previous: str = ""
    previous_until: float = 0.0

    def rotated(self, new: str, until: float) -> Secrets:
        return Secrets(new, self.current, until)

    def sign(self, message_id: str, body: str, now: float) -> dict[str, str]:
        """The headers that authenticate *body*, sent at *now*: a signature by each secret that is good by then."""
        timestamp = str(int(now))
        good = [self.current, *([self.previous] if self.previous and self.previous_until > now else [])]
        content = f"{message_id}.{timestamp}.{body}".encode()

        return {
            "webhook-id": message_id,
            "webhook-timestamp": timestamp,
            "webhook-signature": " ".join(_signature(secret, content) for secret in good),
        }


def secret_of(random_bytes: bytes) -> str:
    return PREFIX + b64encode(random_bytes).decode()


def _signature(secret: str, content: bytes) -> str:
    key = b64decode(secret.removeprefix(PREFIX))

    return "v1," + b64encode(digest(key, content, sha256)).decode()
