"""DashScope's own route, `POST /api/v1/services/rerank/text-rerank/text-rerank`: input, parameters and output apart."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rerank_gateway.apis.shared.documents import images, texts
from rerank_gateway.apis.shared.http_error import HttpError
from rerank_gateway.apis.shared.query_text import QueryText
from rerank_gateway.apis.shared.request_fields import (
    AtLeastOne,
    Body,
    Documents,
    Name,
    field_warnings,
    parse_body,
)
from rerank_gateway.apis.shared.response_fields import as_object, result_rows
from rerank_gateway.domain.answer import Answer
from rerank_gateway.domain.request import RerankRequest

CODES: Mapping[str, str] = {
    "invalid_request_error": "InvalidParameter",
    "authentication_error": "InvalidApiKey",
    "permission_error": "AccessDenied",
    "not_found_error": "ModelNotFound",
    "rate_limit_error": "Throttling",
    "overloaded_error": "ServiceUnavailable",
    "timeout_error": "GatewayTimeout",
}
"""Its words for our kinds of errors (help.aliyun.com, error codes of Model Studio, November 2026)."""


class DashScopeInput(Body):
    query: QueryText
    documents: Documents


class DashScopeParameters(Body):
    top_n: AtLeastOne | None = None
    return_documents: bool | None = None
    instruct: str | None = None


class DashScopeBody(Body):
    model: Name
    input: DashScopeInput
    parameters: DashScopeParameters | None = None


def parse(body: bytes) -> tuple[RerankRequest, list[str]]:
    fields = parse_body(DashScopeBody, body)
    documents, parameters = fields.input.documents, fields.parameters or DashScopeParameters()
    request = RerankRequest(
        model=fields.model,
        query=fields.input.query,
        documents=documents,
        texts=texts(documents, field="input.documents"),
        images=images(documents, field="input.documents"),
        top_n=parameters.top_n,
        return_documents=bool(parameters.return_documents),
        instruction=parameters.instruct,
    )

    return request, field_warnings(fields)


def render(request: RerankRequest, answer: Answer, request_id: str) -> dict[str, Any]:
    return {
        "output": {"results": result_rows(request, answer, as_object)},
        "usage": {"total_tokens": answer.usage.total_tokens},
        "request_id": request_id,
    }


def render_error(error: HttpError) -> dict[str, Any]:
    return {
        "code": CODES.get(error.kind, "InternalError"),
        "message": error.message,
        "request_id": error.request_id,
    }
