"""Whether a caller may have a request run."""

from __future__ import annotations

from dataclasses import dataclass

from rerank_gateway.domain.errors import TooLarge
from rerank_gateway.domain.keys import VirtualKey
from rerank_gateway.domain.request import RerankRequest
from rerank_gateway.domain.routing.aliases import Routing


@dataclass(frozen=True, slots=True)
class Authorize:
    routing: Routing
    max_documents: int

    def __call__(self, key: VirtualKey, request: RerankRequest) -> None:
        """Raise TooLarge, UnknownModel, NotAllowed or InvalidRequest when *key* may not have *request* run."""
        if len(request.documents) > self.max_documents:
            raise TooLarge(f"documents must be at most {self.max_documents}", param="documents")
        for name in request.models:
            key.must_allow(name, self.routing.targets(name))
        self.routing.require_targets(request)
