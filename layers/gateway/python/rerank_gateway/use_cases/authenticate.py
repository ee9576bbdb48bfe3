"""Who is calling."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf

from rerank_gateway.domain.clock import Clock
from rerank_gateway.domain.errors import NotAuthenticated
from rerank_gateway.domain.keys import DirectKey, VirtualKey, hash_of_token
from rerank_gateway.domain.ports import KeyStore

NOT_FOUND = "virtual_key_not_found"
RANKS_ONLY = (
    "this key is not known. A provider's own key only ranks, and not by way of a job, which would have to store it"
)


@dataclass(frozen=True, slots=True)
class Authenticate:
    """*takes_direct_keys* says that whoever has something ranked may come with a provider's own key."""

    keys: KeyStore
    clock: Clock
    takes_direct_keys: bool = False

    def __call__(self, token: str | None, max_age: float = inf) -> VirtualKey:
        """
        The valid key behind *token*, as it was *max_age* seconds ago at most. Raises NotAuthenticated, or Unavailable
        when that cannot be told.
        """
        if not token:
            raise NotAuthenticated("a key is required: Authorization: Bearer KEY", reason="virtual_key_required")
        key = self.keys.find(hash_of_token(token), max_age)
        if key is None:
            message = RANKS_ONLY if self.takes_direct_keys else "this key is not known"
            raise NotAuthenticated(message, reason=NOT_FOUND)
        key.must_be_valid(self.clock.epoch())

        return key

    def or_direct(self, token: str | None) -> VirtualKey:
        """The same, or *token* as a provider's own key where that is allowed and nobody here knows it."""
        try:
            return self(token)
        except NotAuthenticated as refused:
            may_be_direct = self.takes_direct_keys and token and refused.reason == NOT_FOUND
            key = DirectKey.of(token) if may_be_direct and token else None
            if key is None:
                raise

            return key
