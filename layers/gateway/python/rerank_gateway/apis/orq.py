"""orq.ai's router, `POST /v2/router/rerank`: what steers it may stand at the top or under `orq`; the top wins."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field

from rerank_gateway.apis.controls import (
    CacheField,
    LoadBalancerField,
    RetryField,
    TimeoutField,
    balance_of,
    cache_ttl_of,
    retry_of,
    seconds_of,
)
from rerank_gateway.apis.documents import texts
from rerank_gateway.apis.failure import Failure
from rerank_gateway.apis.fields import Asked, AtLeastOne, Body, Documents, ModelName, read, unknown_fields
from rerank_gateway.apis.parts import as_object, rows, usage
from rerank_gateway.domain.answer import Answer
from rerank_gateway.domain.request import RerankRequest


class Steering(Body):
    name: str | None = None
    filename: str | None = None
    fallbacks: Annotated[list[ModelName], Field(max_length=50)] | None = None
    retry: RetryField | None = None
    cache: CacheField | None = None
    load_balancer: LoadBalancerField | None = None
    timeout: TimeoutField | None = None
    identity: dict[str, Any] | None = None
    contact: dict[str, Any] | None = None


class OrqBody(Asked, Steering):
    documents: Documents
    top_n: AtLeastOne | None = None
    return_documents: bool | None = None
    orq: Steering | None = None


def parse(body: bytes) -> tuple[RerankRequest, list[str]]:
    fields = read(OrqBody, body)
    request = RerankRequest(
        model=fields.model,
        query=fields.query,
        documents=fields.documents,
        texts=texts(fields.documents),
        top_n=fields.top_n,
        return_documents=bool(fields.return_documents),
        fallbacks=tuple(_steered(fields, "fallbacks") or ()),
        retry=retry_of(_steered(fields, "retry")),
        call_timeout=seconds_of(_steered(fields, "timeout")),
        cache_ttl=cache_ttl_of(_steered(fields, "cache")),
        balance=balance_of(_steered(fields, "load_balancer")),
        metadata=_caller(fields),
    )

    return request, list(unknown_fields(fields))


def _steered(fields: OrqBody, name: str) -> Any:
    value = getattr(fields, name)

    return getattr(fields.orq, name) if value is None and fields.orq else value


def _caller(fields: OrqBody) -> dict[str, Any]:
    """What the request says of itself and of who asks, for the log's list of names."""
    said = {name: _steered(fields, name) for name in ("name", "filename", "identity", "contact")}

    return {name: value for name, value in said.items() if value is not None}


def answer(request: RerankRequest, given: Answer, request_id: str) -> dict[str, Any]:
    results = rows(request, given, document=as_object)
    for row in results:
        row["object"] = "rerank"

    return {
        "id": request_id,
        "object": "list",
        "model": str(given.target),
        "results": results,
        "usage": usage(given.usage),
    }


def failure(told: Failure) -> dict[str, Any]:
    """All four keys: one of its clients cannot do without any, and reads a number as no code at all."""
    return {"error": {"code": None, "message": told.message, "param": None, "type": told.kind}}
