"""`local/…`: rerankers that run inside the gateway and need no key and no network."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

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

# numpy and ONNX Runtime are there only where a cross-encoder is.
if TYPE_CHECKING:
    from rerank_gateway.adapters.local.cross_encoder.cross_encoder import CrossEncoder

BM25, CROSS_ENCODER = "bm25", "cross-encoder"
TRUNCATION: frozenset[Truncate] = frozenset(("none", "start", "end"))
"""BM25 reads whole texts, so whatever a caller wants truncated is; a cross-encoder truncates either side."""


@dataclass(frozen=True, slots=True)
class LocalReranker(Reranker):
    """*cross_encoder* is the operator's, where there is one."""

    cross_encoder: CrossEncoder | None = None

    @property
    def models(self) -> tuple[str, ...]:
        return (BM25, CROSS_ENCODER) if self.cross_encoder else (BM25,)

    def profile(self, model: str) -> Profile:
        # BM25 counts words over all documents of the request, so parts of it could not be compared.
        pointwise = model == CROSS_ENCODER

        return Profile(pointwise=pointwise, truncation=TRUNCATION, price=Price(), terms=WITHIN_THE_GATEWAY)

    def require_access(self, model: str) -> None:
        if model == CROSS_ENCODER and not self.cross_encoder:
            raise TargetMissing("this gateway has no model for its own processors: set CPU_MODEL")
        if model not in self.models:
            raise TargetMissing(f"the local models are {BM25} and {CROSS_ENCODER}")

    def ineffective_fields(self, request: RerankRequest, model: str) -> Iterable[str]:
        yield from ineffective_fields(request, self.profile(model))
        if request.extra_body:
            yield "extra_body"

    def rerank(self, request: RerankRequest, model: str, deadline: Deadline) -> ProviderScores:
        self.require_access(model)
        must_have_texts(request)
        if model == CROSS_ENCODER and self.cross_encoder:
            return _by_cross_encoder(self.cross_encoder, request, deadline)

        return ProviderScores(list(enumerate(scores(request.query, request.texts))), Usage(cost=0.0))


def _by_cross_encoder(cross_encoder: CrossEncoder, request: RerankRequest, deadline: Deadline) -> ProviderScores:
    scores = cross_encoder(request.query, request.texts, request.truncate or "end", deadline)
    usage = Usage(prompt_tokens=scores.tokens, total_tokens=scores.tokens, cost=0.0)

    return ProviderScores(list(enumerate(scores.probabilities)), usage)
