"""Cohere's API, versions 1 and 2: `POST /v1/rerank` and `/v2/rerank` of its clients. Usage stands in `meta`."""

from __future__ import annotations

from typing import Any

from rerank_gateway.apis.documents import texts
from rerank_gateway.apis.failure import Failure
from rerank_gateway.apis.fields import Asked, AtLeastOne, Documents, Whole, read, unknown_fields
from rerank_gateway.apis.parts import as_object, billed_units, rows
from rerank_gateway.domain.answer import Answer
from rerank_gateway.domain.request import RerankRequest


class CohereBody(Asked):
    documents: Documents
    top_n: AtLeastOne | None = None
    max_tokens_per_doc: AtLeastOne | None = None
    priority: Whole | None = None
    return_documents: bool | None = None
    rank_fields: list[str] | None = None


def parse(body: bytes) -> tuple[RerankRequest, list[str]]:
    fields = read(CohereBody, body)
    request = RerankRequest(
        model=fields.model,
        query=fields.query,
        documents=fields.documents,
        texts=texts(fields.documents, fields.rank_fields or ()),
        top_n=fields.top_n,
        max_tokens_per_doc=fields.max_tokens_per_doc,
        priority=fields.priority,
        return_documents=bool(fields.return_documents),
    )

    return request, list(unknown_fields(fields))


def answer(request: RerankRequest, given: Answer, request_id: str) -> dict[str, Any]:
    used = given.usage

    return {
        "id": request_id,
        "results": rows(request, given, document=as_object),
        "meta": {
            "api_version": {"version": "2"},
            "billed_units": billed_units(used),
            "tokens": {"input_tokens": used.prompt_tokens, "output_tokens": used.completion_tokens},
        },
    }


def failure(told: Failure) -> dict[str, Any]:
    return {"id": told.request_id, "message": told.message}
