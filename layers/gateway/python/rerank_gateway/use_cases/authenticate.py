"""Who is calling."""

from __future__ import annotations

from dataclasses import dataclass

from rerank_gateway.domain.clock import Clock
from rerank_gateway.domain.errors import NotAuthenticated
from rerank_gateway.domain.keys import VirtualKey, hash_of_token
from rerank_gateway.domain.ports import KeyStore


@dataclass(frozen=True, slots=True)
class Authenticate:
    keys: KeyStore
    clock: Clock

    def __call__(self, token: str | None) -> VirtualKey:
        """The valid key behind *token*. Raises NotAuthenticated, or Unavailable when that cannot be told."""
        if not token:
            raise NotAuthenticated("a key is required: Authorization: Bearer KEY", reason="virtual_key_required")
        key = self.keys.find(hash_of_token(token))
        if key is None:
            raise NotAuthenticated("this key is not known", reason="virtual_key_not_found")
        key.must_be_valid(self.clock.epoch())

        return key
