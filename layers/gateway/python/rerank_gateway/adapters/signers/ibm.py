"""
IBM's authentication: an API key is exchanged for an access token, at the address in the setting *iam_url*.

A key that begins with "ZenApiKey ", as Cloud Pak for Data has them, goes into the header as it is.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from rerank_gateway.adapters.signers.context import SigningContext
from rerank_gateway.adapters.signers.token_service import request_token
from rerank_gateway.adapters.signers.tokens import Token, TokenCache
from rerank_gateway.adapters.transports.messages import ProviderRequest, Signer
from rerank_gateway.domain.deadline import Deadline

GRANT = "urn:ibm:params:oauth:grant-type:apikey"
ZEN_PREFIX = "ZenApiKey "


def signer(_: str, settings: Mapping[str, str], context: SigningContext) -> Signer:
    def exchanged(key: str, deadline: Deadline) -> Token:
        return request_token(context.transport, settings["iam_url"], {"grant_type": GRANT, "apikey": key}, deadline)

    return IbmSigner(TokenCache(exchanged, context.clock))


@dataclass(frozen=True, slots=True)
class IbmSigner(Signer):
    tokens: TokenCache

    def headers(self, request: ProviderRequest, key: str | None, deadline: Deadline) -> Mapping[str, str]:
        if not key:
            return {}

        return {"authorization": key if key.startswith(ZEN_PREFIX) else f"Bearer {self.tokens.get(key, deadline)}"}

    def invalidate(self, key: str | None, headers: Mapping[str, str]) -> bool:
        if not key or key.startswith(ZEN_PREFIX):
            return False
        self.tokens.invalidate(key, headers["authorization"].removeprefix("Bearer "))

        return True
