"""One ranking out of several."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from math import fsum

from rerank_gateway.domain.ranking import Ranking
from rerank_gateway.domain.request import RerankRequest

RRF_K = 60
"""How much the first places count for more than the rest (Cormack, Clarke and Büttcher, SIGIR 2009)."""


def reciprocal_rank_fusion(request: RerankRequest, rankings: Sequence[Ranking]) -> Ranking:
    """
    The *rankings* of *request* by reciprocal rank fusion: every place in one of them counts 1 / (60 + place).

    Their own scores do not matter, so models that count differently can be fused. Where *request* wants scores between
    0 and 1, the best place in all of them is 1, so that a threshold means something.
    """
    gained: dict[int, list[float]] = defaultdict(list)
    for ranking in rankings:
        for place, (index, _) in enumerate(ranking.results, 1):
            gained[index].append(1 / (RRF_K + place))

    best_possible = len(rankings) / (RRF_K + 1) if request.normalized else 1.0

    # fsum, as the plain sum of floats depends on their order.
    return Ranking.of(request, [(index, fsum(shares) / best_possible) for index, shares in gained.items()], "rrf")
