"""The score API of vLLM and Jina, `POST /v1/score`: one text against many, each of which gets a score in its place."""

from __future__ import annotations

import time
from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from rerank_gateway.apis.shared.http_error import HttpError
from rerank_gateway.apis.shared.request_fields import Body, Name, field_warnings, parse_body
from rerank_gateway.apis.shared.response_fields import token_fields
from rerank_gateway.domain.answer import Answer
from rerank_gateway.domain.errors import InvalidRequest
from rerank_gateway.domain.request import RerankRequest


def as_list(value: Any) -> Any:
    """A text may stand alone."""
    return [value] if isinstance(value, str) else value


TextOrTexts = Annotated[list[str], Field(min_length=1, fail_fast=True), BeforeValidator(as_list)]


class ScoreBody(Body):
    model: Name = "default"
    text_1: TextOrTexts
    text_2: TextOrTexts


def parse(body: bytes) -> tuple[RerankRequest, list[str]]:
    """Raises InvalidRequest, also for pairs with more than one query among them: a ranking has one."""
    fields = parse_body(ScoreBody, body)
    request = RerankRequest(model=fields.model, query=_query(fields), documents=fields.text_2, texts=fields.text_2)

    return request, field_warnings(fields)


def _query(fields: ScoreBody) -> str:
    query = fields.text_1[0]
    if not query.strip():
        raise InvalidRequest("text_1 must not be blank", param="text_1")
    if len(fields.text_1) not in (1, len(fields.text_2)):
        raise InvalidRequest("text_1 must be one text, or as many as text_2 has", param="text_1")
    if any(text != query for text in fields.text_1):
        raise InvalidRequest("text_1 must be the same text each time: send one request a query", param="text_1")

    return query


def render(request: RerankRequest, answer: Answer, request_id: str) -> dict[str, Any]:
    return {
        "id": f"score-{request_id}",
        "object": "list",
        "created": int(time.time()),
        "model": answer.target.model,
        "data": [
            {"index": index, "object": "score", "score": score} for index, score in sorted(answer.ranking.results)
        ],
        "usage": token_fields(answer.usage),
    }


def render_error(error: HttpError) -> dict[str, Any]:
    return {"error": {"message": error.message, "type": error.kind, "param": error.param, "code": error.status}}
