"""Text Embeddings Inference's rerank: `texts` in, a bare list out. It names no model, so `default` ranks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from rerank_gateway.apis.shared.documents import images, texts
from rerank_gateway.apis.shared.http_error import HttpError
from rerank_gateway.apis.shared.request_fields import (
    ANY_CASE,
    Body,
    Name,
    NotBlank,
    Texts,
    field_warnings,
    parse_body,
)
from rerank_gateway.apis.shared.response_fields import RowKeys, as_text, result_rows
from rerank_gateway.domain.answer import Answer
from rerank_gateway.domain.request import RerankRequest, Truncate

STATUSES: Mapping[str, int] = {
    "invalid_request": 422,
    "budget_exceeded": 429,
    "provider_failed": 424,
    "provider_bad_reply": 424,
}
"""TEI's own numbers for a body that it cannot read, for more than it takes, and for a backend that broke."""
ERROR_TYPES = {
    400: "Validation",
    413: "Validation",
    422: "Validation",
    424: "Backend",
    429: "Overloaded",
    503: "Unhealthy",
}


class TeiBody(Body):
    model: Name = "default"
    query: NotBlank
    texts: Texts
    truncate: bool | None = None
    truncation_direction: Annotated[Literal["left", "right"], ANY_CASE] | None = None
    return_text: bool | None = None


def parse(body: bytes) -> tuple[RerankRequest, list[str]]:
    fields = parse_body(TeiBody, body)
    request = RerankRequest(
        model=fields.model,
        query=fields.query,
        documents=fields.texts,
        texts=texts(fields.texts, field="texts"),
        images=images(fields.texts, field="texts"),
        return_documents=bool(fields.return_text),
        truncate=_truncate(fields),
    )

    return request, field_warnings(fields)


def _truncate(fields: TeiBody) -> Truncate | None:
    if fields.truncate is None:
        return None
    if not fields.truncate:
        return "none"

    return "start" if fields.truncation_direction == "left" else "end"


def render(request: RerankRequest, answer: Answer, request_id: str) -> list[dict[str, Any]]:
    return result_rows(request, answer, as_text, RowKeys(score="score", document="text"))


def render_error(error: HttpError) -> dict[str, Any]:
    return {"error": error.message, "error_type": ERROR_TYPES.get(error.status, "Backend")}
