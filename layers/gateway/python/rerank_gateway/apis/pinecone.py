"""Pinecone's inference API, `POST /rerank`: documents are objects, and usage is counted in rerank units."""

from __future__ import annotations

from typing import Any

from rerank_gateway.apis.documents import texts
from rerank_gateway.apis.fields import Asked, AtLeastOne, Body, Documents, read, unknown_fields
from rerank_gateway.apis.numbered_error import failure
from rerank_gateway.apis.parts import as_object, rows
from rerank_gateway.domain.answer import Answer
from rerank_gateway.domain.request import RerankRequest

__all__ = ["answer", "failure", "parse"]

UNIT = 100
"""Documents in a rerank unit, where the provider does not count search units itself."""


class Parameters(Body):
    truncate: str | None = None


class PineconeBody(Asked):
    documents: Documents
    top_n: AtLeastOne | None = None
    return_documents: bool | None = None
    rank_fields: list[str] | None = None
    parameters: Parameters | None = None


def parse(body: bytes) -> tuple[RerankRequest, list[str]]:
    fields = read(PineconeBody, body)
    uncut = fields.parameters is not None and fields.parameters.truncate == "NONE"
    request = RerankRequest(
        model=fields.model,
        query=fields.query,
        documents=fields.documents,
        texts=texts(fields.documents, fields.rank_fields or ()),
        top_n=fields.top_n,
        return_documents=fields.return_documents is not False,
        truncate="none" if uncut else None,
    )

    return request, list(unknown_fields(fields))


def answer(request: RerankRequest, given: Answer, request_id: str) -> dict[str, Any]:
    units = given.usage.search_units
    counted = -(-len(request.documents) // UNIT)

    return {
        "model": given.target.model,
        "data": rows(request, given, document=as_object, score="score"),
        "usage": {"rerank_units": counted if units is None else units},
    }
