"""Mixedbread's reranking, `POST /v1/reranking`: `input`, `top_k`, `return_input`, and scores called `score`."""

from __future__ import annotations

from typing import Any

from rerank_gateway.apis.shared.coded_error import render_error
from rerank_gateway.apis.shared.documents import images, texts
from rerank_gateway.apis.shared.request_fields import (
    AtLeastOne,
    Documents,
    RankFields,
    RerankFields,
    field_warnings,
    parse_body,
)
from rerank_gateway.apis.shared.response_fields import RowKeys, result_rows, token_fields
from rerank_gateway.domain.answer import Answer
from rerank_gateway.domain.request import RerankRequest

__all__ = ["parse", "render", "render_error"]


ROW = RowKeys(score="score", document="input")


class MixedbreadBody(RerankFields):
    rank_fields: RankFields | None = None
    input: Documents
    top_k: AtLeastOne | None = None
    return_input: bool | None = None


def parse(body: bytes) -> tuple[RerankRequest, list[str]]:
    fields = parse_body(MixedbreadBody, body)
    request = RerankRequest(
        model=fields.model,
        query=fields.query,
        documents=fields.input,
        texts=texts(fields.input, fields.rank_fields or (), field="input"),
        images=images(fields.input, fields.rank_fields or (), field="input"),
        top_n=fields.top_k,
        return_documents=bool(fields.return_input),
    )

    return request, field_warnings(fields)


def render(request: RerankRequest, answer: Answer, request_id: str) -> dict[str, Any]:
    return {
        "object": "list",
        "model": answer.target.model,
        # No `object` in the rows: two generations of clients want different words there.
        "data": result_rows(request, answer, lambda document: document, ROW),
        "usage": token_fields(answer.usage),
        "top_k": request.result_count,
        "return_input": request.return_documents,
    }
