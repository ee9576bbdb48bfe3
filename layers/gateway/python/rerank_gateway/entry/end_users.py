"""Who uses the application that calls, by the name that it gives to them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import blake2b

from rerank_gateway.domain.request import RerankRequest

HEADERS = ("x-openwebui-user-id", "x-orq-identity-id")
"""Where applications say it beside the body."""
MAX_CHARS = 100
HASH_BYTES = 8
"""Enough to tell a billion users apart, by and large."""
MAX_SALT_BYTES = 64
"""What BLAKE2b takes as its key."""


@dataclass(frozen=True, slots=True)
class EndUsers:
    """
    How end users are called in the log: by a hash under the *salt*, or, where the operator wants it so, *plain*.

    The same user has the same hash as long as the salt is the same, and another one at every other stack.
    """

    salt: str
    plain: bool

    def __call__(self, request: RerankRequest, headers: Mapping[str, str]) -> str | None:
        """Whom *request* is made for, by its own fields or else by its *headers*; None where it does not say."""
        user = _named(request) or next((headers[name] for name in HEADERS if headers.get(name)), None)
        if not user or self.plain:
            return user and user[:MAX_CHARS]

        # A header can hold what is no Unicode.
        sent, salt = user.encode("utf-8", "surrogatepass"), self.salt.encode()[:MAX_SALT_BYTES]

        return blake2b(sent, key=salt, digest_size=HASH_BYTES).hexdigest()


def _named(request: RerankRequest) -> str | None:
    """`user` in the native and in OpenRouter's API, `identity.id` in orq.ai's."""
    identity = request.metadata.get("identity")
    user = request.user or request.attribution.get("user")
    user = user or (identity.get("id") if isinstance(identity, Mapping) else None)

    return user if isinstance(user, str) else None
