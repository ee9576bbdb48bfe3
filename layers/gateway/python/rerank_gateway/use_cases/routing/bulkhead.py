"""Not too many requests to one provider at the same time."""

from __future__ import annotations

from dataclasses import dataclass
from threading import Semaphore

from rerank_gateway.domain.answer import ProviderScores
from rerank_gateway.domain.deadline import Deadline
from rerank_gateway.domain.errors import TargetBulkheadFull, TargetTimedOut
from rerank_gateway.domain.ports import Reranker
from rerank_gateway.domain.profile import Profile
from rerank_gateway.domain.request import RerankRequest


@dataclass(frozen=True, slots=True)
class Bulkhead(Reranker):
    """*reranker*, asked by as many at a time as there are *places*; the others wait for theirs."""

    reranker: Reranker
    places: Semaphore

    def profile(self, model: str) -> Profile:
        return self.reranker.profile(model)

    def require_access(self, model: str) -> None:
        self.reranker.require_access(model)

    def rerank(self, request: RerankRequest, model: str, deadline: Deadline) -> ProviderScores:
        timeout = deadline.remaining()
        if not self.places.acquire(timeout=timeout):
            raise TargetBulkheadFull("too many questions to this provider are under way already")
        left = deadline.remaining()
        try:
            return self.reranker.rerank(request, model, deadline)
        except TargetTimedOut as late:
            if left > timeout / 2:
                raise
            # Most of the time went by in our own queue, which does not tell against the provider.
            raise TargetBulkheadFull("too many questions to this provider were under way before it") from late
        finally:
            self.places.release()
