"""Answer what has been answered before, if the caller wants that, without asking anyone."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, replace

from rerank_gateway.domain.answer import Answer, CachedAnswer, CacheStatus
from rerank_gateway.domain.cache_key import cache_key
from rerank_gateway.domain.clock import Clock
from rerank_gateway.domain.deadline import Deadline
from rerank_gateway.domain.errors import TargetError, Unavailable
from rerank_gateway.domain.ports import AnswerCache
from rerank_gateway.domain.request import RerankRequest
from rerank_gateway.domain.usage import Usage
from rerank_gateway.use_cases.rerank import Rerank

CACHE_WRITE_RESERVE_S = 0.6
"""
Seconds that writing to the cache may take. An answer is not kept where less is left: the caller must have it in time.
"""


@dataclass(frozen=True, slots=True)
class CachedRerank:
    rerank: Rerank
    cache: AnswerCache
    clock: Clock

    def __call__(self, request: RerankRequest, owner: str, deadline: Deadline) -> Answer:
        """
        What the same *owner* got for the same question, or else a new answer. A broken cache only makes it dearer.

        Raises what Rerank raises.
        """
        if request.cache_ttl is None:
            return self.rerank(request, deadline)
        key = cache_key(request, owner, self.rerank.routing)
        cached, status = self._find(key, request.cache_ttl)
        if cached:
            return self._answer(request, cached, status)
        answer = self.rerank(request, deadline)
        # The answer of a fallback would keep the first choice away for as long as it is kept.
        if answer.is_first_choice and deadline.remaining() >= CACHE_WRITE_RESERVE_S:
            self._keep(key, answer, request.cache_ttl)

        return replace(answer, cache=status)

    def _answer(self, request: RerankRequest, cached: CachedAnswer, status: CacheStatus) -> Answer:
        answer = Answer(cached.ranking, Usage(cost=0.0), cached.target, (), cache=status, truncated=cached.truncated)
        try:
            return replace(answer, warnings=self.rerank.warnings(request, [cached.target]))
        except TargetError:  # it is not configured any more
            return answer

    def _find(self, key: str, ttl: int) -> tuple[CachedAnswer | None, CacheStatus]:
        """What is kept under *key* and is not older than *ttl* seconds, however long others would have it."""
        now = self.clock.epoch()
        try:
            cached = self.cache.find(key, now)
        except Unavailable:
            return None, "unavailable"
        if cached is None or cached.kept_at + ttl <= now:
            return None, "miss"

        return cached, "hit"

    def _keep(self, key: str, answer: Answer, ttl: int) -> None:
        now = self.clock.epoch()
        with suppress(Unavailable):
            self.cache.keep(key, CachedAnswer(answer.ranking, answer.target, now, now + ttl, answer.truncated))
