"""OpenRouter's rerank, `POST /api/v1/rerank`: documents always come back, errors have a number."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rerank_gateway.apis.shared.documents import images, texts
from rerank_gateway.apis.shared.http_error import HttpError
from rerank_gateway.apis.shared.provider_field import ProviderField, to_preferences
from rerank_gateway.apis.shared.request_fields import (
    AtLeastOne,
    Documents,
    RerankFields,
    ShortText,
    field_warnings,
    parse_body,
)
from rerank_gateway.apis.shared.response_fields import as_object, result_rows, usage_fields, without_none
from rerank_gateway.domain.answer import Answer
from rerank_gateway.domain.request import RerankRequest

STATUSES: Mapping[str, int] = {
    "budget_exceeded": 403,
    "provider_out_of_credits": 402,
    "provider_rejected_key": 403,
    "provider_timed_out": 524,
    "deadline_exceeded": 524,
    "provider_overloaded": 529,
}
"""Its clients have errors of their own for these, and repeat every 5xx for up to an hour."""


class OpenRouterBody(RerankFields):
    documents: Documents
    top_n: AtLeastOne | None = None
    provider: ProviderField | None = None
    session_id: ShortText | None = None
    trace: dict[str, Any] | None = None
    user: ShortText | None = None


def parse(body: bytes) -> tuple[RerankRequest, list[str]]:
    fields = parse_body(OpenRouterBody, body)
    request = RerankRequest(
        model=fields.model,
        query=fields.query,
        documents=fields.documents,
        texts=texts(fields.documents),
        images=images(fields.documents),
        top_n=fields.top_n,
        return_documents=True,
        preferences=to_preferences(fields.provider),
        attribution=without_none(user=fields.user, session_id=fields.session_id, trace=fields.trace),
    )

    return request, field_warnings(fields)


def render(request: RerankRequest, answer: Answer, request_id: str) -> dict[str, Any]:
    return {
        "id": request_id,
        "model": str(answer.target),
        "provider": answer.target.provider,
        "results": result_rows(request, answer, as_object),
        "usage": usage_fields(answer.usage),
    }


def render_error(error: HttpError) -> dict[str, Any]:
    metadata = without_none(provider_name=error.provider, param=error.param, **error.metadata)

    return {"error": {"code": error.status, "message": error.message} | without_none(metadata=metadata or None)}
