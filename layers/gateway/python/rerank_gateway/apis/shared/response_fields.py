"""The fields of answers. Keys without a value are left out: some clients cannot read null."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

if TYPE_CHECKING:
    from rerank_gateway.domain.answer import Answer
    from rerank_gateway.domain.attempt import Attempt
    from rerank_gateway.domain.request import Document, RerankRequest
    from rerank_gateway.domain.usage import Usage

RenderDocument: TypeAlias = "Callable[[Document], Any]"


class RowKeys(NamedTuple):
    """What an API calls the fields of a result row, beside `index`."""

    score: str = "relevance_score"
    document: str = "document"


USUAL_KEYS = RowKeys()


def result_rows(
    request: RerankRequest, answer: Answer, render_document: RenderDocument, keys: RowKeys = USUAL_KEYS
) -> list[dict[str, Any]]:
    """The result rows, best first, with the documents where the request wants them back."""
    (score, document), results = keys, answer.ranking.results
    if not request.return_documents:
        return [{"index": index, score: value} for index, value in results]

    return [
        {"index": index, score: value, document: render_document(request.documents[index])} for index, value in results
    ]


def as_object(document: Document) -> dict[str, Any]:
    """The caller's own document, as an object."""
    if isinstance(document, str):
        return {"text": document}

    return {name: value for name, value in document.items() if value is not None}


def as_text(document: Document) -> Any:
    """The caller's own document, as a string where it has a text."""
    return document if isinstance(document, str) else document.get("text", "")


def token_fields(usage: Usage) -> dict[str, Any]:
    """The token counters, all of them."""
    return {
        "prompt_tokens": usage.prompt_tokens,
        "completion_tokens": usage.completion_tokens,
        "total_tokens": usage.total_tokens,
    }


def usage_fields(usage: Usage) -> dict[str, Any]:
    return token_fields(usage) | without_none(search_units=usage.search_units, cost=usage.cost)


def attempt_rows(attempts: Sequence[Attempt]) -> list[dict[str, Any]]:
    """Each try; one for which nobody was asked has no status, and says why."""
    return [
        without_none(
            target=str(attempt.target),
            status_code=attempt.status_code,
            latency=milliseconds(attempt.latency),
            error=attempt.error and attempt.error.code,
            skipped=attempt.skipped or None,
            parts=attempt.parts if attempt.parts > 1 else None,
        )
        for attempt in attempts
    ]


def milliseconds(seconds: float) -> int:
    return round(seconds * 1000)


def without_none(**values: Any) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None}
