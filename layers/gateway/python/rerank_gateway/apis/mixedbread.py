"""Mixedbread's reranking, `POST /v1/reranking`: `input`, `top_k`, `return_input`, and scores called `score`."""

from __future__ import annotations

from typing import Any

from rerank_gateway.apis.documents import texts
from rerank_gateway.apis.fields import Asked, AtLeastOne, Documents, read, unknown_fields
from rerank_gateway.apis.numbered_error import failure
from rerank_gateway.apis.parts import rows, tokens
from rerank_gateway.domain.answer import Answer
from rerank_gateway.domain.request import RerankRequest

__all__ = ["answer", "failure", "parse"]


class MixedbreadBody(Asked):
    input: Documents
    top_k: AtLeastOne | None = None
    return_input: bool | None = None
    rank_fields: list[str] | None = None


def parse(body: bytes) -> tuple[RerankRequest, list[str]]:
    fields = read(MixedbreadBody, body)
    request = RerankRequest(
        model=fields.model,
        query=fields.query,
        documents=fields.input,
        texts=texts(fields.input, fields.rank_fields or (), named="input"),
        top_n=fields.top_k,
        return_documents=bool(fields.return_input),
    )

    return request, list(unknown_fields(fields))


def answer(request: RerankRequest, given: Answer, request_id: str) -> dict[str, Any]:
    return {
        "object": "list",
        "model": given.target.model,
        # No `object` in the rows: two generations of clients want different words there.
        "data": rows(request, given, document=lambda sent: sent, score="score", key="input"),
        "usage": tokens(given.usage),
        "top_k": request.wanted,
        "return_input": request.return_documents,
    }
