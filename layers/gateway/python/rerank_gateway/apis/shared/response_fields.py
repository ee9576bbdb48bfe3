"""The parts that answers are made of. Keys without a value are left out: some clients cannot read null."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from rerank_gateway.domain.answer import Answer, Attempt
    from rerank_gateway.domain.request import Document, RerankRequest
    from rerank_gateway.domain.usage import Usage

RenderDocument: TypeAlias = "Callable[[Document], Any]"


def result_rows(
    request: RerankRequest,
    answer: Answer,
    *,
    document: RenderDocument,
    score: str = "relevance_score",
    key: str = "document",
) -> list[dict[str, Any]]:
    """
    The result rows, best first: `index`, the score under the name *score*, and where documents are returned what
    *document* makes of each, under the name *key*.
    """
    scored = answer.ranking.results
    if not request.return_documents:
        return [{"index": index, score: points} for index, points in scored]

    return [{"index": index, score: points, key: document(request.documents[index])} for index, points in scored]


def as_object(document: Document) -> dict[str, Any]:
    """The caller's own document, as an object."""
    if isinstance(document, str):
        return {"text": document}

    return {name: value for name, value in document.items() if value is not None}


def as_text(document: Document) -> Any:
    """The caller's own document, as a string where it has a text."""
    return document if isinstance(document, str) else document.get("text", "")


def token_fields(used: Usage) -> dict[str, Any]:
    """The token counters, all of them."""
    return {
        "prompt_tokens": used.prompt_tokens,
        "completion_tokens": used.completion_tokens,
        "total_tokens": used.total_tokens,
    }


def usage_fields(used: Usage) -> dict[str, Any]:
    return token_fields(used) | without_none(search_units=used.search_units, cost=used.cost)


def billed_units(used: Usage) -> dict[str, Any]:
    return without_none(search_units=used.search_units, total_tokens=used.total_tokens or None)


def attempt_rows(made: Sequence[Attempt]) -> list[dict[str, Any]]:
    return [
        {"target": str(attempt.target), "status_code": attempt.status_code, "latency": milliseconds(attempt.latency)}
        | without_none(error=attempt.error and attempt.error.code, parts=attempt.parts if attempt.parts > 1 else None)
        for attempt in made
    ]


def milliseconds(seconds: float) -> int:
    return round(seconds * 1000)


def without_none(**values: Any) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None}
