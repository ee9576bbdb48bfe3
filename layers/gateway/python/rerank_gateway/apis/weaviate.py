"""
Weaviate's reranker-transformers container, `POST /rerank` of its module: a score beside each document, in the order
they came. It names no model, so `default` ranks.
"""

from __future__ import annotations

from typing import Any

from rerank_gateway.apis.shared.documents import images, texts
from rerank_gateway.apis.shared.http_error import HttpError
from rerank_gateway.apis.shared.request_fields import Body, Name, NotBlank, Texts, field_warnings, parse_body
from rerank_gateway.apis.shared.response_fields import as_text
from rerank_gateway.domain.answer import Answer
from rerank_gateway.domain.request import RerankRequest


class WeaviateBody(Body):
    model: Name = "default"
    query: NotBlank
    documents: Texts
    property: str | None = None


def parse(body: bytes) -> tuple[RerankRequest, list[str]]:
    fields = parse_body(WeaviateBody, body)
    request = RerankRequest(
        model=fields.model,
        query=fields.query,
        documents=fields.documents,
        texts=texts(fields.documents),
        images=images(fields.documents),
        return_documents=True,
    )

    return request, field_warnings(fields)


def render(request: RerankRequest, answer: Answer, request_id: str) -> dict[str, Any]:
    """Its rows have no index: Weaviate counts them."""
    return {
        "query": request.query,
        "scores": [
            {"document": as_text(request.documents[index]), "score": score}
            for index, score in sorted(answer.ranking.results)
        ],
    }


def render_error(error: HttpError) -> dict[str, Any]:
    return {"error": error.message}
