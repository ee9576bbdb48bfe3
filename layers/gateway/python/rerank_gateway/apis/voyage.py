"""Voyage AI's rerank, `POST /v1/rerank` of its clients: `top_k`, `data`, documents as strings."""

from __future__ import annotations

from typing import Any

from rerank_gateway.apis.shared.documents import images, texts
from rerank_gateway.apis.shared.http_error import HttpError
from rerank_gateway.apis.shared.request_fields import AtLeastOne, RerankFields, Texts, field_warnings, parse_body
from rerank_gateway.apis.shared.response_fields import as_text, result_rows, token_fields
from rerank_gateway.domain.answer import Answer
from rerank_gateway.domain.request import RerankRequest


class VoyageBody(RerankFields):
    documents: Texts
    top_k: AtLeastOne | None = None
    return_documents: bool | None = None
    truncation: bool | None = None


def parse(body: bytes) -> tuple[RerankRequest, list[str]]:
    fields = parse_body(VoyageBody, body)
    request = RerankRequest(
        model=fields.model,
        query=fields.query,
        documents=fields.documents,
        texts=texts(fields.documents),
        images=images(fields.documents),
        top_n=fields.top_k,
        return_documents=bool(fields.return_documents),
        truncate="none" if fields.truncation is False else None,
    )

    return request, field_warnings(fields)


def render(request: RerankRequest, answer: Answer, request_id: str) -> dict[str, Any]:
    return {
        "object": "list",
        "data": result_rows(request, answer, as_text),
        "model": answer.target.model,
        "usage": token_fields(answer.usage),
    }


def render_error(error: HttpError) -> dict[str, Any]:
    return {"detail": error.message}
