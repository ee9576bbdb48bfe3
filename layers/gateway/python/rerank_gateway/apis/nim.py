"""NVIDIA NIM's ranking, `POST /v1/ranking`: `passages` in, and logits out, whoever ranked them."""

from __future__ import annotations

from typing import Any

from rerank_gateway.apis.shared.documents import images, texts
from rerank_gateway.apis.shared.http_error import HttpError
from rerank_gateway.apis.shared.query_text import QueryText
from rerank_gateway.apis.shared.request_fields import (
    AnyTruncate,
    AtLeastOne,
    Body,
    Documents,
    Name,
    field_warnings,
    parse_body,
)
from rerank_gateway.domain.answer import Answer
from rerank_gateway.domain.request import RerankRequest


class NimBody(Body):
    model: Name = "default"
    query: QueryText
    passages: Documents
    truncate: AnyTruncate | None = None
    top_n: AtLeastOne | None = None


def parse(body: bytes) -> tuple[RerankRequest, list[str]]:
    fields = parse_body(NimBody, body)
    request = RerankRequest(
        model=fields.model,
        query=fields.query,
        documents=fields.passages,
        texts=texts(fields.passages, field="passages"),
        images=images(fields.passages, field="passages"),
        top_n=fields.top_n,
        truncate=fields.truncate,
    )

    return request, field_warnings(fields)


def render(request: RerankRequest, answer: Answer, request_id: str) -> dict[str, Any]:
    usage = answer.usage

    return {
        "rankings": [{"index": index, "logit": logit} for index, logit in answer.ranking.logits()],
        "usage": {"prompt_tokens": usage.prompt_tokens, "total_tokens": usage.total_tokens},
    }


def render_error(error: HttpError) -> dict[str, Any]:
    return {"detail": error.message}
