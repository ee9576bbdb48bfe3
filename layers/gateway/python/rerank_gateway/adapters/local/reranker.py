"""`local/…`: rerankers that run inside the gateway and need no key and no network."""

from __future__ import annotations

from collections.abc import Iterable

from rerank_gateway.adapters.local.bm25.ranker import scores
from rerank_gateway.adapters.providers.images import must_have_texts
from rerank_gateway.domain.answer import ProviderScores
from rerank_gateway.domain.constraints import WITHIN_THE_GATEWAY
from rerank_gateway.domain.deadline import Deadline
from rerank_gateway.domain.errors import TargetMissing
from rerank_gateway.domain.ineffective import ineffective_fields
from rerank_gateway.domain.ports import Reranker
from rerank_gateway.domain.price import Price
from rerank_gateway.domain.profile import Profile
from rerank_gateway.domain.request import RerankRequest, Truncate
from rerank_gateway.domain.usage import Usage

BM25 = "bm25"
TRUNCATION: frozenset[Truncate] = frozenset(("none", "start", "end"))
"""It reads whole texts, so whatever a caller wants truncated is."""


class LocalReranker(Reranker):
    def profile(self, model: str) -> Profile:
        # BM25 counts words over all documents of the request, so parts of it could not be compared.
        return Profile(pointwise=False, truncation=TRUNCATION, price=Price(), terms=WITHIN_THE_GATEWAY)

    def require_access(self, model: str) -> None:
        if model != BM25:
            raise TargetMissing(f"the only local model is {BM25}")

    def ineffective_fields(self, request: RerankRequest, model: str) -> Iterable[str]:
        yield from ineffective_fields(request, self.profile(model))
        if request.extra_body:
            yield "extra_body"

    def rerank(self, request: RerankRequest, model: str, deadline: Deadline) -> ProviderScores:
        self.require_access(model)
        must_have_texts(request)

        return ProviderScores(list(enumerate(scores(request.query, request.texts))), Usage(cost=0.0))
