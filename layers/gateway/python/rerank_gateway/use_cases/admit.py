"""Whether a caller may come in, and with what."""

from __future__ import annotations

from dataclasses import dataclass

from rerank_gateway.domain.errors import NotAuthenticated, TooLarge
from rerank_gateway.domain.keys import VirtualKey, fingerprint_of
from rerank_gateway.domain.ports import Clock, Keys
from rerank_gateway.domain.request import RerankRequest
from rerank_gateway.domain.routing import Routing


@dataclass(frozen=True, slots=True)
class Admit:
    keys: Keys
    routing: Routing
    max_documents: int
    clock: Clock

    def caller(self, token: str | None) -> VirtualKey:
        """The valid key behind *token*. Raises NotAuthenticated."""
        if not token:
            raise NotAuthenticated("a key is required: Authorization: Bearer KEY", reason="virtual_key_required")
        key = self.keys.find(fingerprint_of(token))
        if key is None:
            raise NotAuthenticated("this key is not known", reason="virtual_key_not_found")
        key.must_be_valid(self.clock.epoch())

        return key

    def request(self, key: VirtualKey, request: RerankRequest) -> None:
        """Raise TooLarge, UnknownModel or NotAllowed when *key* may not have *request* run."""
        if len(request.documents) > self.max_documents:
            raise TooLarge(f"documents must be at most {self.max_documents}", param="documents")
        for name in request.models:
            key.must_allow(name, self.routing.targets(name))
