"""Whether the gateway has what it takes to ask anyone for a request."""

from __future__ import annotations

from dataclasses import dataclass

from rerank_gateway.domain.attempt import AllTargetsFailed, Attempt
from rerank_gateway.domain.errors import TargetMissing, Unavailable
from rerank_gateway.domain.ports import Rerankers
from rerank_gateway.domain.request import RerankRequest
from rerank_gateway.domain.routing.aliases import Routing
from rerank_gateway.domain.target import Target
from rerank_gateway.use_cases.candidates import candidates


@dataclass(frozen=True, slots=True)
class RequireAccess:
    routing: Routing
    rerankers: Rerankers

    def __call__(self, request: RerankRequest) -> None:
        """
        Raise AllTargetsFailed when every target of *request* lacks a key or an address: what asking them would come to.

        What cannot be told at the moment is no reason to refuse.
        """
        attempts: list[Attempt] = []
        for target in candidates(self.routing, self.rerankers, request):
            missing = self._what_is_missing(target)
            if missing is None:
                return
            attempts.append(Attempt(target, 0.0, missing))

        raise AllTargetsFailed(attempts)

    def _what_is_missing(self, target: Target) -> TargetMissing | None:
        try:
            self.rerankers(target.provider).require_access(target.model)
        except TargetMissing as missing:
            return missing
        except Unavailable:
            return None

        return None
