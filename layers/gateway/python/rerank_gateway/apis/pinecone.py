"""Pinecone's inference API, `POST /rerank`: documents are objects, and usage is counted in rerank units."""

from __future__ import annotations

from typing import Any

from rerank_gateway.apis.shared.coded_error import render_error
from rerank_gateway.apis.shared.documents import images, texts
from rerank_gateway.apis.shared.request_fields import (
    AnyTruncate,
    AtLeastOne,
    Body,
    Documents,
    RankFields,
    RerankFields,
    field_warnings,
    parse_body,
)
from rerank_gateway.apis.shared.response_fields import RowKeys, as_object, result_rows
from rerank_gateway.domain.answer import Answer
from rerank_gateway.domain.request import RerankRequest

__all__ = ["parse", "render", "render_error"]

DOCUMENTS_PER_UNIT = 100
"""Documents in a rerank unit, where the provider does not count search units itself."""


class Parameters(Body):
    truncate: AnyTruncate | None = None


class PineconeBody(RerankFields):
    rank_fields: RankFields | None = None
    documents: Documents
    top_n: AtLeastOne | None = None
    return_documents: bool | None = None
    parameters: Parameters | None = None


def parse(body: bytes) -> tuple[RerankRequest, list[str]]:
    fields = parse_body(PineconeBody, body)
    # Its clients always send this one, which says no more than nothing does.
    rank_fields = () if fields.rank_fields in (None, ["text"]) else fields.rank_fields
    request = RerankRequest(
        model=fields.model,
        query=fields.query,
        documents=fields.documents,
        texts=texts(fields.documents, rank_fields),
        images=images(fields.documents, rank_fields),
        top_n=fields.top_n,
        return_documents=fields.return_documents is not False,
        truncate=fields.parameters.truncate if fields.parameters else None,
    )

    return request, field_warnings(fields)


def render(request: RerankRequest, answer: Answer, request_id: str) -> dict[str, Any]:
    search_units = answer.usage.search_units
    rerank_units = -(-len(request.documents) // DOCUMENTS_PER_UNIT) if search_units is None else search_units

    return {
        "model": answer.target.model,
        "data": result_rows(request, answer, as_object, RowKeys(score="score")),
        "usage": {"rerank_units": rerank_units},
    }
