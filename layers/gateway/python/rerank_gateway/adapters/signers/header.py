"""The key itself, in a header."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from rerank_gateway.adapters.providers.auth import HeaderAuth
from rerank_gateway.adapters.transports.messages import ProviderRequest, Signer
from rerank_gateway.domain.deadline import Deadline


@dataclass(frozen=True, slots=True)
class HeaderSigner(Signer):
    auth: HeaderAuth

    def headers(self, request: ProviderRequest, key: str | None, deadline: Deadline) -> Mapping[str, str]:
        return {self.auth.name: f"{self.auth.scheme} {key}".strip()} if key else {}
