"""What of a request counts towards a target's limits."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

from rerank_gateway.domain.profile import Limits
from rerank_gateway.domain.request import RerankRequest
from rerank_gateway.domain.tokens import estimated_tokens


@dataclass(frozen=True, slots=True)
class Measure:
    """Something of which one request may hold *most*: so much for each document, and *fixed* beside them."""

    most: int
    weights: Sequence[int]
    fixed: int = 0

    @property
    def is_kept(self) -> bool:
        """Whether all documents together stay within it."""
        return self.fixed + sum(self.weights) <= self.most


def measures(request: RerankRequest, limits: Limits) -> list[Measure]:
    """All that *limits* limits in *request*."""
    found = []
    if limits.documents:
        found.append(Measure(limits.documents, [1] * len(request.texts)))
    if limits.images and request.images:
        found.append(Measure(limits.images, [index in request.images for index in range(len(request.texts))]))
    if limits.size:
        found.append(_size(request, limits.size, limits.overhead))
    if limits.tokens:
        query = estimated_tokens(_asked(request))
        found.append(Measure(limits.tokens, [query + estimated_tokens(text) for text in request.texts]))

    return found


def _size(request: RerankRequest, most: int, overhead: int | None) -> Measure:
    """The bytes of the query and the documents; with an *overhead*, each document counts for that and the query too."""
    query = _json_bytes(_asked(request))
    beside = 0 if overhead is None else overhead + query
    weights = [
        beside + _json_bytes(text) + len(request.images.get(index, "")) for index, text in enumerate(request.texts)
    ]

    return Measure(most, weights, query if overhead is None else 0)


def _asked(request: RerankRequest) -> str:
    """What is sent beside the documents."""
    return f"{request.instruction}\n{request.query}" if request.instruction else request.query


def _json_bytes(text: str) -> int:
    """The bytes of *text* as it stands in JSON, with a comma."""
    return len(json.dumps(text, ensure_ascii=False).encode("utf-8", "surrogatepass")) + 1
