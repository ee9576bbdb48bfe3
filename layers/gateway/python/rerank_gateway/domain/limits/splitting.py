"""Requests that are too large for one, and the rankings of their parts."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from rerank_gateway.domain.errors import TargetRefused
from rerank_gateway.domain.profile import Limits, Profile
from rerank_gateway.domain.ranking import Ranking
from rerank_gateway.domain.request import RerankRequest


@dataclass(frozen=True, slots=True)
class Part:
    """Some of a request's documents, from the one with the index *first* on."""

    first: int
    request: RerankRequest


def split(request: RerankRequest, profile: Profile) -> Sequence[Part]:
    """
    *request* in parts that a target takes, all of it in one where that will do.

    Raises TargetRefused when it would have to be split and the target compares the documents with each other.
    """
    bounds = list(_bounds(request, profile.limits))
    if len(bounds) == 1:
        return [Part(0, request)]
    if not profile.pointwise:
        raise TargetRefused(
            f"this model compares all documents with each other and takes at most {_describe(profile.limits)} at once"
        )

    return [_part(request, first, end) for first, end in bounds]


def merge(request: RerankRequest, rankings: Sequence[tuple[Part, Ranking]]) -> Ranking:
    """The ranking of *request* from those of its parts: exactly what one would have given."""
    pairs = [(part.first + index, score) for part, ranking in rankings for index, score in ranking.results]
    is_logit = any(ranking.kind == "logit" for _, ranking in rankings)

    # Pairs are part by part and best first, so equal scores are in the order that one would have left them in.
    return Ranking.of(request, pairs, "logit" if is_logit else "probability", ordered=True)


def _describe(limits: Limits) -> str:
    known = ((limits.documents, "of them"), (limits.size, "bytes"))

    return " and ".join(f"{most} {what}" for most, what in known if most)


def _bounds(request: RerankRequest, limits: Limits) -> Iterator[tuple[int, int]]:
    if limits.size is None:
        most = limits.documents or len(request.texts)
        yield from ((first, min(first + most, len(request.texts))) for first in range(0, len(request.texts), most))
    else:
        yield from _bounds_by_size(request, limits.documents or len(request.texts), limits.size)


def _bounds_by_size(request: RerankRequest, most: int, size: int) -> Iterator[tuple[int, int]]:
    first, held = 0, _json_bytes(request.query)
    for index, text in enumerate(request.texts):
        weight = _json_bytes(text) + len(request.images.get(index, ""))
        if index > first and (index - first >= most or held + weight > size):
            yield first, index
            first, held = index, _json_bytes(request.query)
        held += weight
    yield first, len(request.texts)


def _json_bytes(text: str) -> int:
    """The bytes of *text* as it stands in JSON, with a comma."""
    return len(json.dumps(text, ensure_ascii=False).encode("utf-8", "surrogatepass")) + 1


def _part(request: RerankRequest, first: int, end: int) -> Part:
    images = {index - first: image for index, image in request.images.items() if first <= index < end}

    return Part(
        first,
        replace(request, documents=request.documents[first:end], texts=request.texts[first:end], images=images),
    )
