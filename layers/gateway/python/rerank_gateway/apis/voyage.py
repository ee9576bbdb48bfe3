"""Voyage AI's rerank, `POST /v1/rerank` of its clients: `top_k`, `data`, documents as strings."""

from __future__ import annotations

from typing import Any

from rerank_gateway.apis.failure import Failure
from rerank_gateway.apis.fields import Asked, AtLeastOne, Texts, read, unknown_fields
from rerank_gateway.apis.parts import as_text, rows, tokens
from rerank_gateway.domain.answer import Answer
from rerank_gateway.domain.request import RerankRequest


class VoyageBody(Asked):
    documents: Texts
    top_k: AtLeastOne | None = None
    return_documents: bool | None = None
    truncation: bool | None = None


def parse(body: bytes) -> tuple[RerankRequest, list[str]]:
    fields = read(VoyageBody, body)
    request = RerankRequest(
        model=fields.model,
        query=fields.query,
        documents=fields.documents,
        texts=fields.documents,
        top_n=fields.top_k,
        return_documents=bool(fields.return_documents),
        truncate="none" if fields.truncation is False else None,
    )

    return request, list(unknown_fields(fields))


def answer(request: RerankRequest, given: Answer, request_id: str) -> dict[str, Any]:
    return {
        "object": "list",
        "data": rows(request, given, document=as_text),
        "model": given.target.model,
        "usage": tokens(given.usage),
    }


def failure(told: Failure) -> dict[str, Any]:
    return {"detail": told.message}
