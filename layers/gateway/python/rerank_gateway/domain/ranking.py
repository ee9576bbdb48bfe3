"""Scored documents, best first."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import isfinite
from operator import itemgetter
from typing import Any, TypeAlias

from rerank_gateway.domain.errors import BadReply
from rerank_gateway.domain.request import RerankRequest

Scored: TypeAlias = tuple[int, float]
"""A document's index in the request, and its score."""


@dataclass(frozen=True, slots=True)
class Ranking:
    """The best documents of a request: sorted, unique, in range, finite, and as many as were wanted."""

    results: tuple[Scored, ...]

    @classmethod
    def of(cls, request: RerankRequest, scores: Iterable[tuple[Any, Any]]) -> Ranking:
        """
        Order *scores*, pairs of index and score as a provider sent them, and keep as many as *request* wanted.

        Raises BadReply for what is no ranking of the request's documents.
        """
        scored = [_scored(index, score, len(request.texts)) for index, score in scores]
        _must_cover(scored, request)
        # Providers disagree on ties, so the earlier document wins and answers repeat: both sorts are stable.
        scored.sort(key=itemgetter(0))
        scored.sort(key=itemgetter(1), reverse=True)

        return cls(tuple(scored[: request.wanted]))


def _scored(index: Any, score: Any, documents: int) -> Scored:
    if type(index) is not int or not 0 <= index < documents:
        raise BadReply(f"a result has no index between 0 and {documents - 1}")
    if type(score) not in (int, float):
        raise BadReply(f"the score of document {index} is no number")

    return index, _finite(score, index)


def _finite(score: float, index: int) -> float:
    try:
        number = float(score)
    except OverflowError:
        number = float("inf")
    if not isfinite(number):
        raise BadReply(f"the score of document {index} is not finite")

    return number


def _must_cover(scored: list[Scored], request: RerankRequest) -> None:
    if len({index for index, _ in scored}) != len(scored):
        raise BadReply("a document was ranked twice")
    if len(scored) < request.wanted:
        raise BadReply(f"{len(scored)} documents were ranked where {request.wanted} were wanted")
