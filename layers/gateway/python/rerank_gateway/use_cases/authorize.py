"""Whether a caller may have a request run."""

from __future__ import annotations

from dataclasses import dataclass, replace

from rerank_gateway.domain.errors import TooLarge
from rerank_gateway.domain.keys import VirtualKey
from rerank_gateway.domain.ports import Rerankers
from rerank_gateway.domain.request import RerankRequest
from rerank_gateway.domain.routing.aliases import Routing
from rerank_gateway.use_cases.eligible import violation_by
from rerank_gateway.use_cases.resolve_names import ResolveNames


@dataclass(frozen=True, slots=True)
class Authorize:
    routing: Routing
    max_documents: int
    rerankers: Rerankers
    resolve_names: ResolveNames

    def __call__(self, key: VirtualKey, request: RerankRequest) -> RerankRequest:
        """
        The *request* by the names of those it asks for, bound to the models of *key*.

        Raises TooLarge, UnknownModel, NotAllowed, InvalidRequest or NoTargetLeft when *key* may not have *request* run.
        """
        if len(request.documents) > self.max_documents:
            raise TooLarge(f"documents must be at most {self.max_documents}", param="documents")
        request = self.resolve_names(request)
        for name in request.models:
            key.must_allow(name, self.routing.targets(name))
        self.routing.require_targets(request, violation_by(self.rerankers, request))

        return request if request.allowed_models == key.models else replace(request, allowed_models=key.models)
