"""The key itself, in a header."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from rerank_gateway.adapters.auth import InHeader
from rerank_gateway.adapters.messages import Letter, Signer


@dataclass(frozen=True, slots=True)
class HeaderSigner(Signer):
    auth: InHeader

    def headers(self, letter: Letter, key: str | None, timeout: float) -> Mapping[str, str]:
        return {self.auth.name: f"{self.auth.scheme} {key}".strip()} if key else {}
