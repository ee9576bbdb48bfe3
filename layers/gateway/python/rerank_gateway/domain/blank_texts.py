"""Texts in which there is nothing to rank. Nobody is sent one: some providers refuse a whole request for it."""

from __future__ import annotations

from dataclasses import replace

from rerank_gateway.domain.ranking import Ranking
from rerank_gateway.domain.request import RerankRequest


def without_blanks(request: RerankRequest) -> tuple[RerankRequest, tuple[int, ...]]:
    """*request* without the documents that are blank and have no image, and the indices of the others in it."""
    kept = tuple(
        index for index, text in enumerate(request.texts) if (text and not text.isspace()) or index in request.images
    )
    if len(kept) == len(request.texts):
        return request, kept
    places = {index: place for place, index in enumerate(kept)}
    rest = replace(
        request,
        documents=[request.documents[index] for index in kept],
        texts=[request.texts[index] for index in kept],
        images={places[index]: image for index, image in request.images.items()},
        document_metadata=request.document_metadata and [request.document_metadata[index] for index in kept],
    )

    return rest, kept


def with_blanks(request: RerankRequest, kept: tuple[int, ...], ranking: Ranking) -> Ranking:
    """
    The ranking of *request* from that of the documents at the indices *kept*: blank ones come last, in their own order.

    Their score is the lowest there is: 0, or that of the last one before them where logits go below 0.
    """
    if len(kept) == len(request.texts):
        return ranking
    ranked = [(kept[place], score) for place, score in ranking.results]
    lowest = min([0.0, *(score for _, score in ranked)])
    blank = sorted({*range(len(request.texts))} - {*kept})
    results = [*ranked, *((index, lowest) for index in blank)]

    return replace(ranking, results=tuple(results[: request.result_count]))
