"""Plans, without caring for prices or stages."""

from __future__ import annotations

from random import Random

from rerank_gateway.domain.request import RerankRequest
from rerank_gateway.domain.routing.aliases import Routing
from rerank_gateway.domain.target import Target

CHANCE = Random(7)


def unweighed(_: Target) -> float:
    return 0.0


def planned(request: RerankRequest, routing: Routing, rng: Random = CHANCE) -> tuple[Target, ...]:
    """Everyone in the plan for *request*, in order."""
    return tuple(target for stage in routing.plan(request, rng, unweighed).stages for target in stage.targets)
