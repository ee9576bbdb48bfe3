"""Whether the gateway has what it takes to ask anyone for a request."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from random import Random

from rerank_gateway.domain.attempt import AllTargetsFailed, Attempt
from rerank_gateway.domain.errors import TargetMissing, Unavailable
from rerank_gateway.domain.ports import Rerankers
from rerank_gateway.domain.request import RerankRequest
from rerank_gateway.domain.routing.aliases import Routing
from rerank_gateway.domain.target import Target
from rerank_gateway.use_cases.eligible import violation_by


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
        for target in self._candidates(request):
            missing = self._what_is_missing(target)
            if missing is None:
                return
            attempts.append(Attempt(target, 0.0, missing))

        raise AllTargetsFailed(attempts)

    def _candidates(self, request: RerankRequest) -> Iterable[Target]:
        """Everyone who may be asked for *request*, whichever model is drawn and whoever turns out to be cheapest."""
        preferences, violation = request.preferences, violation_by(self.rerankers, request)
        if preferences.sort and not preferences.is_listing:
            preferences = replace(preferences, sort=None, allow_fallbacks=True)
        draws = [
            replace(request, model=model, load_balancer=(), preferences=preferences) for model in request.primary_models
        ]
        # Nothing is left to draw or to sort.
        plans = [self.routing.plan(draw, Random(), lambda _: 0.0, violation) for draw in draws]  # noqa: S311

        return dict.fromkeys(target for plan in plans for stage in plan.stages for target in stage.targets)

    def _what_is_missing(self, target: Target) -> TargetMissing | None:
        try:
            self.rerankers(target.provider).require_access(target.model)
        except TargetMissing as missing:
            return missing
        except Unavailable:
            return None

        return None
