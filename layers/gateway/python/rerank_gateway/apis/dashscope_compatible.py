"""DashScope's route for clients of other APIs, `POST /compatible-api/v1/reranks`: much like Cohere's."""

from __future__ import annotations

from typing import Any

from rerank_gateway.apis.shared.documents import images, texts
from rerank_gateway.apis.shared.http_error import HttpError
from rerank_gateway.apis.shared.request_fields import (
    AtLeastOne,
    Documents,
    RerankFields,
    field_warnings,
    parse_body,
)
from rerank_gateway.apis.shared.response_fields import as_object, result_rows
from rerank_gateway.domain.answer import Answer
from rerank_gateway.domain.request import RerankRequest


class DashScopeCompatibleBody(RerankFields):
    documents: Documents
    top_n: AtLeastOne | None = None
    return_documents: bool | None = None
    instruct: str | None = None


def parse(body: bytes) -> tuple[RerankRequest, list[str]]:
    fields = parse_body(DashScopeCompatibleBody, body)
    request = RerankRequest(
        model=fields.model,
        query=fields.query,
        documents=fields.documents,
        texts=texts(fields.documents),
        images=images(fields.documents),
        top_n=fields.top_n,
        return_documents=bool(fields.return_documents),
        instruction=fields.instruct,
    )

    return request, field_warnings(fields)


def render(request: RerankRequest, answer: Answer, request_id: str) -> dict[str, Any]:
    return {
        "object": "list",
        "id": request_id,
        "model": answer.target.model,
        "results": result_rows(request, answer, as_object),
        "usage": {"total_tokens": answer.usage.total_tokens},
    }


def render_error(error: HttpError) -> dict[str, Any]:
    return {
        "error": {"message": error.message, "type": error.kind, "param": error.param, "code": error.code},
        "request_id": error.request_id,
    }
