"""Requests that are too large for one, and the rankings of their parts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from operator import add

from rerank_gateway.domain.errors import TargetRefused
from rerank_gateway.domain.limits.measures import Measure, measures
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
    known = (
        (limits.documents, "of them"),
        (limits.images, "images"),
        (limits.size, "bytes"),
        (limits.tokens, "tokens"),
    )

    return " and ".join(f"{most} {what}" for most, what in known if most)


def _bounds(request: RerankRequest, limits: Limits) -> Iterator[tuple[int, int]]:
    exceeded, first = [measure for measure in measures(request, limits) if not measure.is_kept], 0
    held = [measure.fixed for measure in exceeded]
    for index in range(len(request.texts) if exceeded else 0):
        added = [measure.weights[index] for measure in exceeded]
        if index > first and _exceeds(held, added, exceeded):
            yield first, index
            first, held = index, [measure.fixed for measure in exceeded]
        held = list(map(add, held, added))
    yield first, len(request.texts)


def _exceeds(held: Sequence[int], added: Sequence[int], limiting: Sequence[Measure]) -> bool:
    return any(before + more > measure.most for before, more, measure in zip(held, added, limiting, strict=True))


def _part(request: RerankRequest, first: int, end: int) -> Part:
    images = {index - first: image for index, image in request.images.items() if first <= index < end}

    return Part(
        first,
        replace(
            request,
            documents=request.documents[first:end],
            texts=request.texts[first:end],
            images=images,
            document_metadata=request.document_metadata and request.document_metadata[first:end],
        ),
    )
