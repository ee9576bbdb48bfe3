"""`local/…`: rerankers that run inside the gateway and need no key and no network."""

from __future__ import annotations

from rerank_gateway.adapters.local.bm25.ranker import scores
from rerank_gateway.adapters.providers.images import must_have_texts
from rerank_gateway.domain.answer import ProviderScores
from rerank_gateway.domain.deadline import Deadline
from rerank_gateway.domain.errors import TargetMissing
from rerank_gateway.domain.ports import Reranker
from rerank_gateway.domain.price import Price
from rerank_gateway.domain.profile import Profile
from rerank_gateway.domain.request import RerankRequest
from rerank_gateway.domain.usage import Usage

BM25 = "bm25"
FOREIGN_OPTIONS = ("priority", "instruction", "user", "extra_body")
"""What means nothing to it. It reads whole texts, so nothing is ever truncated but by `max_tokens_per_doc`."""


class LocalReranker(Reranker):
    def profile(self, model: str) -> Profile:
        # BM25 counts words over all documents of the request, so parts of it could not be compared.
        return Profile(pointwise=False, price=Price())

    def require_access(self, model: str) -> None:
        if model != BM25:
            raise TargetMissing(f"the only local model is {BM25}")

    def rerank(self, request: RerankRequest, model: str, deadline: Deadline) -> ProviderScores:
        self.require_access(model)
        must_have_texts(request)

        ignored = tuple(name for name in FOREIGN_OPTIONS if getattr(request, name))

        return ProviderScores(list(enumerate(scores(request.query, request.texts))), Usage(cost=0.0), ignored=ignored)
