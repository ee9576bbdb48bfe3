"""`local/…`: rerankers that run inside the gateway and need no key and no network."""

from __future__ import annotations

from rerank_gateway.adapters.bm25.ranker import scores
from rerank_gateway.domain.answer import Scores, Usage
from rerank_gateway.domain.errors import TargetMissing
from rerank_gateway.domain.ports import Reranker
from rerank_gateway.domain.request import RerankRequest

BM25 = "bm25"


class LocalReranker(Reranker):
    def rerank(self, request: RerankRequest, model: str, timeout: float) -> Scores:
        if model != BM25:
            raise TargetMissing(f"the only local model is {BM25}")

        return Scores(list(enumerate(scores(request.query, request.texts))), Usage(cost=0.0))
