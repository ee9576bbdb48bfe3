"""
Google's way in: a service account's key is exchanged for an OAuth access token, at the address that stands in it.

A key is the JSON that Google hands out for a service account, the path of a file that holds it (as in
GOOGLE_APPLICATION_CREDENTIALS), or a ready access token.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from rerank_gateway.adapters.signers.json_keys import is_json_key, strings_of
from rerank_gateway.adapters.signers.token_service import request_token
from rerank_gateway.adapters.signers.tokens import Token, TokenCache
from rerank_gateway.adapters.transports.messages import ProviderRequest, Signer, Transport
from rerank_gateway.domain.clock import Clock
from rerank_gateway.domain.deadline import Deadline
from rerank_gateway.domain.errors import TargetRejectedKey

GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer"
SCOPE = "https://www.googleapis.com/auth/cloud-platform"
HOUR = 3600
"""Seconds: the longest that Google lets a token live."""


def signer(_: str, __: Mapping[str, str], transport: Transport, clock: Clock) -> Signer:
    def exchanged(key: str, deadline: Deadline) -> Token:
        account = strings_of(key, "client_email", "private_key", "token_uri")
        form = {"grant_type": GRANT, "assertion": _assertion(account, int(clock.epoch()))}

        return request_token(transport, account["token_uri"], form, deadline)

    return GoogleSigner(TokenCache(exchanged, clock))


@dataclass(frozen=True, slots=True)
class GoogleSigner(Signer):
    tokens: TokenCache

    def headers(self, request: ProviderRequest, key: str | None, deadline: Deadline) -> Mapping[str, str]:
        if not key:
            return {}

        return {"authorization": f"Bearer {self.tokens.get(key, deadline) if is_json_key(key) else key}"}


def _assertion(account: Mapping[str, Any], now: int) -> str:
    """What *account* says of itself, signed with its private key (RFC 7523). Raises TargetRejectedKey."""
    # Loaded once an hour at most. The library's own exchange wants a second HTTP client, and sleeps between its tries.
    from google.auth import crypt, jwt

    claims = {
        "iss": account["client_email"],
        "scope": SCOPE,
        "aud": account["token_uri"],
        "iat": now,
        "exp": now + HOUR,
    }
    try:
        signed: bytes = jwt.encode(crypt.RSASigner.from_service_account_info(account), claims)
    except (AttributeError, TypeError, ValueError):
        raise TargetRejectedKey("the private key for this provider cannot be used") from None

    return signed.decode("ascii")
