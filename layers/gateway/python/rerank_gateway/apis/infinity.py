"""Infinity's rerank, `POST /rerank` of its clients: documents come back as strings."""

from __future__ import annotations

import time
from typing import Any

from rerank_gateway.apis.failure import Failure
from rerank_gateway.apis.fields import AtLeastOne, Body, NotBlank, Texts, read, unknown_fields
from rerank_gateway.apis.parts import as_text, rows, tokens
from rerank_gateway.domain.answer import Answer
from rerank_gateway.domain.request import RerankRequest


class InfinityBody(Body):
    model: NotBlank = "default"
    query: NotBlank
    documents: Texts
    top_n: AtLeastOne | None = None
    return_documents: bool | None = None


def parse(body: bytes) -> tuple[RerankRequest, list[str]]:
    fields = read(InfinityBody, body)
    request = RerankRequest(
        model=fields.model,
        query=fields.query,
        documents=fields.documents,
        texts=fields.documents,
        top_n=fields.top_n,
        return_documents=bool(fields.return_documents),
    )

    return request, list(unknown_fields(fields))


def answer(request: RerankRequest, given: Answer, request_id: str) -> dict[str, Any]:
    return {
        "object": "rerank",
        "id": request_id,
        "model": given.target.model,
        "created": int(time.time()),
        "results": rows(request, given, document=as_text),
        "usage": tokens(given.usage),
    }


def failure(told: Failure) -> dict[str, Any]:
    return {"error": {"message": told.message, "type": told.kind, "param": told.param, "code": told.status}}
