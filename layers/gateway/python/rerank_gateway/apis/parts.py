"""The parts that answers are made of. Keys without a value are left out: some clients cannot read null."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rerank_gateway.domain.answer import Answer, Attempt, Usage
from rerank_gateway.domain.request import Document, RerankRequest


def results(request: RerankRequest, given: Answer) -> list[dict[str, Any]]:
    scored = given.ranking.results
    if not request.return_documents:
        return [{"index": index, "relevance_score": score} for index, score in scored]

    return [
        {"index": index, "relevance_score": score, "document": _shown(request.documents[index])}
        for index, score in scored
    ]


def _shown(document: Document) -> dict[str, Any]:
    """The caller's own document, as an object."""
    if isinstance(document, str):
        return {"text": document}

    return {name: value for name, value in document.items() if value is not None}


def usage(used: Usage) -> dict[str, Any]:
    tokens = {
        "prompt_tokens": used.prompt_tokens,
        "completion_tokens": used.completion_tokens,
        "total_tokens": used.total_tokens,
    }

    return tokens | known(search_units=used.search_units, cost=used.cost)


def billed_units(used: Usage) -> dict[str, Any]:
    return known(search_units=used.search_units, total_tokens=used.total_tokens or None)


def attempts(made: Sequence[Attempt]) -> list[dict[str, Any]]:
    return [
        {"target": str(attempt.target), "status_code": attempt.status_code, "latency": milliseconds(attempt)}
        | known(error=attempt.error and attempt.error.code)
        for attempt in made
    ]


def milliseconds(attempt: Attempt) -> int:
    return round(attempt.latency * 1000)


def known(**values: Any) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None}
