"""Everyone who may be asked for a request."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from random import Random

from rerank_gateway.domain.ports import Rerankers
from rerank_gateway.domain.request import RerankRequest
from rerank_gateway.domain.routing.aliases import Routing
from rerank_gateway.domain.target import Target
from rerank_gateway.use_cases.eligible import violation_by


def candidates(routing: Routing, rerankers: Rerankers, request: RerankRequest) -> Collection[Target]:
    """Everyone who may be asked for *request*, whichever model is drawn and whoever turns out to be cheapest."""
    preferences, violation = request.preferences, violation_by(rerankers, request)
    if preferences.sort and not preferences.is_listing:
        preferences = replace(preferences, sort=None, allow_fallbacks=True)
    draws = [
        replace(request, model=model, load_balancer=(), preferences=preferences) for model in request.primary_models
    ]
    # Nothing is left to draw or to sort.
    plans = [routing.plan(draw, Random(), lambda _: 0.0, violation) for draw in draws]  # noqa: S311

    return dict.fromkeys(target for plan in plans for target in plan.targets)
