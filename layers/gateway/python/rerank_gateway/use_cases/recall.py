"""Answer what has been answered before, if the caller wants that, without asking anyone."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, replace

from rerank_gateway.domain.answer import Answer, CacheState, Remembered
from rerank_gateway.domain.errors import Unavailable
from rerank_gateway.domain.ports import Cache, Clock
from rerank_gateway.domain.request import RerankRequest
from rerank_gateway.domain.same import same_question
from rerank_gateway.domain.usage import Usage
from rerank_gateway.use_cases.rerank import Rerank

KEEPING = 0.6
"""Seconds that keeping an answer may take. It is not kept where less is left: the caller must have it in time."""


@dataclass(frozen=True, slots=True)
class Recall:
    rerank: Rerank
    cache: Cache
    clock: Clock

    def __call__(self, request: RerankRequest, owner: str, deadline: float) -> Answer:
        """
        What the same *owner* got for the same question, or else a new answer. A broken cache only makes it dearer.

        Raises what Rerank raises.
        """
        if request.cache_ttl is None:
            return self.rerank(request, deadline)
        key = same_question(request, owner, self.rerank.routing)
        kept, state = self._found(key)
        if kept:
            return Answer(kept.ranking, Usage(cost=0.0), kept.target, (), state)
        given = self.rerank(request, deadline)
        is_in_time = self.clock.now() + KEEPING <= deadline
        if is_in_time and self.rerank.routing.is_first_choice(request, given.target, given.answered):
            self._keep(key, given, request.cache_ttl)

        return replace(given, cache=state)

    def _found(self, key: str) -> tuple[Remembered | None, CacheState]:
        try:
            kept = self.cache.find(key, self.clock.epoch())
        except Unavailable:
            return None, "unavailable"

        return kept, "hit" if kept else "miss"

    def _keep(self, key: str, given: Answer, ttl: int) -> None:
        with suppress(Unavailable):
            self.cache.keep(key, Remembered(given.ranking, given.target, self.clock.epoch() + ttl))
