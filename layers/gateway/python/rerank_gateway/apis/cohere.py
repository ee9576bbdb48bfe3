"""Cohere's API, versions 1 and 2: `POST /v1/rerank` and `/v2/rerank` of its clients. Usage stands in `meta`."""

from __future__ import annotations

from typing import Any

from rerank_gateway.apis.shared.billed_units import billed_units
from rerank_gateway.apis.shared.documents import images, texts
from rerank_gateway.apis.shared.http_error import HttpError
from rerank_gateway.apis.shared.request_fields import (
    AtLeastOne,
    Documents,
    Int,
    RankFields,
    RerankFields,
    field_warnings,
    parse_body,
)
from rerank_gateway.apis.shared.response_fields import as_object, result_rows
from rerank_gateway.domain.answer import Answer
from rerank_gateway.domain.request import RerankRequest


class CohereBody(RerankFields):
    rank_fields: RankFields | None = None
    documents: Documents
    top_n: AtLeastOne | None = None
    max_tokens_per_doc: AtLeastOne | None = None
    priority: Int | None = None
    return_documents: bool | None = None


def parse(body: bytes) -> tuple[RerankRequest, list[str]]:
    fields = parse_body(CohereBody, body)
    request = RerankRequest(
        model=fields.model,
        query=fields.query,
        documents=fields.documents,
        texts=texts(fields.documents, fields.rank_fields or ()),
        images=images(fields.documents, fields.rank_fields or ()),
        top_n=fields.top_n,
        max_tokens_per_doc=fields.max_tokens_per_doc,
        priority=fields.priority,
        return_documents=bool(fields.return_documents),
    )

    return request, field_warnings(fields)


def render(request: RerankRequest, answer: Answer, request_id: str) -> dict[str, Any]:
    usage = answer.usage

    return {
        "id": request_id,
        "results": result_rows(request, answer, as_object),
        "meta": {
            "api_version": {"version": "2"},
            "billed_units": billed_units(request, answer),
            "tokens": {"input_tokens": usage.prompt_tokens, "output_tokens": usage.completion_tokens},
        },
    }


def render_error(error: HttpError) -> dict[str, Any]:
    return {"id": error.request_id, "message": error.message}
