"""Not too many questions to one provider at the same time."""

from __future__ import annotations

from dataclasses import dataclass
from threading import Semaphore

from rerank_gateway.domain.answer import Scores
from rerank_gateway.domain.errors import TargetCrowded, TargetTimedOut
from rerank_gateway.domain.ports import Clock, Reranker
from rerank_gateway.domain.profile import Profile
from rerank_gateway.domain.request import RerankRequest


@dataclass(frozen=True, slots=True)
class InLine(Reranker):
    """*reranker*, asked by as many at a time as there are *places*; the others wait for theirs."""

    reranker: Reranker
    places: Semaphore
    clock: Clock

    def profile(self, model: str) -> Profile:
        return self.reranker.profile(model)

    def rerank(self, request: RerankRequest, model: str, timeout: float) -> Scores:
        until = self.clock.now() + timeout
        if not self.places.acquire(timeout=timeout):
            raise TargetCrowded("too many questions to this provider are under way already")
        left = until - self.clock.now()
        try:
            return self.reranker.rerank(request, model, left)
        except TargetTimedOut as late:
            if left > timeout / 2:
                raise
            # Most of the time went by in our own line, which does not tell against the provider.
            raise TargetCrowded("too many questions to this provider were under way before it") from late
        finally:
            self.places.release()
