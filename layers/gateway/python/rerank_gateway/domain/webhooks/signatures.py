"""Secrets of endpoints, and how they sign (Standard Webhooks 1.0, symmetric)."""

from __future__ import annotations

from base64 import b64decode, b64encode
from dataclasses import dataclass
from hashlib import sha256
from hmac import digest

PREFIX = "whsec_"
SECRET_BYTES = 32
"""The specification asks for 24 to 64."""
MAX_FORMER = 4
"""Secrets that sign beside the current one: each is some bytes more of a header."""


@dataclass(frozen=True, slots=True)
class Secrets:
    """
    The *current* secret of an endpoint, and *former* ones, the latest first, each of which signs as well until a moment
    in epoch seconds.
    """

    current: str
    former: tuple[tuple[str, float], ...] = ()

    def rotated(self, new: str, now: float, grace_s: float) -> Secrets:
        """
        With *new* from *now* on. Those of before sign for *grace_s* seconds more, and no longer than they were to: also
        those before the current one, which nobody may have received.
        """
        ends = [(self.current, now + grace_s), *((old, min(until, now + grace_s)) for old, until in self.former)]

        return Secrets(new, tuple((old, until) for old, until in ends if until > now)[:MAX_FORMER])

    def sign(self, message_id: str, body: str, now: float) -> dict[str, str]:
        """The headers that authenticate *body*, sent at *now*: a signature by each secret that is good by then."""
        timestamp = str(int(now))
        good = [self.current, *(old for old, until in self.former if until > now)]
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
