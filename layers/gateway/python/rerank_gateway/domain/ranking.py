"""Scored documents, best first."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import exp, isfinite, log
from operator import itemgetter
from typing import Any, Literal, TypeAlias

from rerank_gateway.domain.errors import BadReply
from rerank_gateway.domain.request import RerankRequest

Scored: TypeAlias = tuple[int, float]
"""A document's index in the request, and its score."""
ScoreKind: TypeAlias = Literal["probability", "logit", "normalized", "rrf"]
"""Between 0 and 1 as the model has it, any number, made to lie between 0 and 1, or fused from the ranks of several."""
DescribedKind: TypeAlias = ScoreKind | Literal["unknown"]
"""The kind by a provider's description; "unknown" where that is up to the model, and the numbers must tell."""

ROUNDING = 1e-3
"""By how much a probability may miss the range from 0 to 1: models compute in half precision, and vendors round."""

LEAST_PROBABILITY = 2.0**-53
"""The least that a float below 1 can differ from it: 0 and 1 have no odds, and these two have ±36.7 as logits."""


@dataclass(frozen=True, slots=True)
class Ranking:
    """The best documents of a request: sorted, unique, in range, finite, and as many as were wanted."""

    results: tuple[Scored, ...]
    kind: ScoreKind = "probability"

    @classmethod
    def of(
        cls,
        request: RerankRequest,
        scores: Iterable[tuple[Any, Any]],
        kind: DescribedKind = "probability",
        ordered: bool = False,
    ) -> Ranking:
        """
        Order *scores*, pairs of index and score as a provider sent them, and keep as many as *request* wanted.

        They are of the *kind* that the provider's description has. Equal ones keep the order they came in where that
        is *ordered*, else that of the request.

        Raises BadReply for what is no ranking of the request's documents.
        """
        scored = [_scored(index, score, len(request.texts)) for index, score in scores]
        _must_cover(scored, request)
        # Providers disagree on ties, so the earlier document wins and answers repeat: both sorts are stable.
        if not ordered:
            scored.sort(key=itemgetter(0))
        scored.sort(key=itemgetter(1), reverse=True)

        return cls(tuple(scored[: request.result_count]), _kind(scored) if kind == "unknown" else kind)

    def normalized(self) -> Ranking:
        """
        The same order with scores between 0 and 1: logits through the logistic function, as the models' own servers do,
        and others cut to the range where rounding has led them out of it.
        """
        bounded = _logistic if self.kind == "logit" else _clamped

        return Ranking(tuple((index, bounded(score)) for index, score in self.results), "normalized")

    def logits(self) -> tuple[Scored, ...]:
        """The results with their logits: the scores, where they are such, or else the logarithm of their odds."""
        if self.kind == "logit":
            return self.results

        return tuple((index, _log_odds(score)) for index, score in self.results)


def _kind(best_first: Sequence[Scored]) -> ScoreKind:
    """What the numbers themselves say."""
    is_probability = not best_first or (best_first[0][1] <= 1 + ROUNDING and best_first[-1][1] >= -ROUNDING)

    return "probability" if is_probability else "logit"


def _clamped(score: float) -> float:
    return min(max(score, 0.0), 1.0)


def _log_odds(score: float) -> float:
    probability = min(max(score, LEAST_PROBABILITY), 1 - LEAST_PROBABILITY)

    return log(probability / (1 - probability))


def _logistic(logit: float) -> float:
    # Either form overflows on the other's side.
    return 1 / (1 + exp(-logit)) if logit >= 0 else exp(logit) / (1 + exp(logit))


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
    if len(scored) < request.result_count:
        raise BadReply(f"{len(scored)} documents were ranked where {request.result_count} were wanted")
