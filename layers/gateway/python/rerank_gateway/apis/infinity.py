"""Infinity's rerank, `POST /rerank` of its clients: documents come back as strings."""

from __future__ import annotations

import time
from typing import Any

from rerank_gateway.apis.shared.documents import images, texts
from rerank_gateway.apis.shared.http_error import HttpError
from rerank_gateway.apis.shared.request_fields import (
    AtLeastOne,
    Body,
    Name,
    NotBlank,
    Texts,
    field_warnings,
    parse_body,
)
from rerank_gateway.apis.shared.response_fields import as_text, result_rows, token_fields
from rerank_gateway.domain.answer import Answer
from rerank_gateway.domain.request import RerankRequest


class InfinityBody(Body):
    model: Name = "default"
    query: NotBlank
    documents: Texts
    top_n: AtLeastOne | None = None
    return_documents: bool | None = None


def parse(body: bytes) -> tuple[RerankRequest, list[str]]:
    fields = parse_body(InfinityBody, body)
    request = RerankRequest(
        model=fields.model,
        query=fields.query,
        documents=fields.documents,
        texts=texts(fields.documents),
        images=images(fields.documents),
        top_n=fields.top_n,
        return_documents=bool(fields.return_documents),
    )

    return request, field_warnings(fields)


def render(request: RerankRequest, answer: Answer, request_id: str) -> dict[str, Any]:
    return {
        "object": "rerank",
        "id": request_id,
        "model": answer.target.model,
        "created": int(time.time()),
        "results": result_rows(request, answer, as_text),
        "usage": token_fields(answer.usage),
    }


def render_error(error: HttpError) -> dict[str, Any]:
    return {"error": {"message": error.message, "type": error.kind, "param": error.param, "code": error.status}}
