"""
Google's authentication: a service account's key is exchanged for an OAuth access token, at the address in it.

A key is the JSON that Google hands out for a service account, the path of a file that holds it (as in
GOOGLE_APPLICATION_CREDENTIALS), or a ready access token.
"""

from __future__ import annotations

import json
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from rerank_gateway.adapters.signers.context import SigningContext
from rerank_gateway.adapters.signers.json_keys import is_json_key, strings_of
from rerank_gateway.adapters.signers.rsa_keys import load_private_key, sign_sha256
from rerank_gateway.adapters.signers.token_service import request_token
from rerank_gateway.adapters.signers.tokens import Token, TokenCache
from rerank_gateway.adapters.transports.messages import ProviderRequest, Signer
from rerank_gateway.domain.deadline import Deadline
from rerank_gateway.domain.errors import TargetRejectedKey

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer"
SCOPE = "https://www.googleapis.com/auth/cloud-platform"
TOKEN_LIFETIME_S = 3600
"""The longest that Google allows."""


def signer(_: str, __: Mapping[str, str], context: SigningContext) -> Signer:
    def exchanged(key: str, deadline: Deadline) -> Token:
        account = strings_of(key, "client_email", "private_key", "token_uri")
        form = {"grant_type": GRANT, "assertion": _assertion(account, int(context.clock.epoch()))}

        return request_token(context.transport, account["token_uri"], form, deadline)

    return GoogleSigner(TokenCache(exchanged, context.clock))


@dataclass(frozen=True, slots=True)
class GoogleSigner(Signer):
    tokens: TokenCache

    def headers(self, request: ProviderRequest, key: str | None, deadline: Deadline) -> Mapping[str, str]:
        if not key:
            return {}

        return {"authorization": f"Bearer {self.tokens.get(key, deadline) if is_json_key(key) else key}"}

    def invalidate(self, key: str | None, headers: Mapping[str, str]) -> bool:
        if not key or not is_json_key(key):
            return False
        self.tokens.invalidate(key, headers["authorization"].removeprefix("Bearer "))

        return True


def _assertion(account: Mapping[str, Any], now: int) -> str:
    """What *account* says of itself, signed with its private key (RFC 7523). Raises TargetRejectedKey."""
    claims = {
        "iss": account["client_email"],
        "scope": SCOPE,
        "aud": account["token_uri"],
        "iat": now,
        "exp": now + TOKEN_LIFETIME_S,
    }
    try:
        return _jwt(claims, load_private_key(account["private_key"]), account.get("private_key_id"))
    except TargetRejectedKey:
        raise TargetRejectedKey("the private key for this provider cannot be used") from None


def _jwt(claims: Mapping[str, Any], key: RSAPrivateKey, key_id: str | None) -> str:
    """*claims* as a JSON Web Token in its compact form (RFC 7515, 7.1)."""
    header = {"typ": "JWT", "alg": "RS256", **({} if key_id is None else {"kid": key_id})}
    signed = ".".join(_base64url(json.dumps(part).encode()) for part in (header, claims))

    return f"{signed}.{_base64url(sign_sha256(key, signed.encode()))}"


def _base64url(content: bytes) -> str:
    """Without padding, as RFC 7515 has it in section 2."""
    return urlsafe_b64encode(content).rstrip(b"=").decode()
