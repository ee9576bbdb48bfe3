"""orq.ai's router, `POST /v2/router/rerank`: routing stands at the top or under `orq`; the top wins."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field

from rerank_gateway.apis.shared.documents import images, texts
from rerank_gateway.apis.shared.http_error import HttpError
from rerank_gateway.apis.shared.request_fields import (
    AtLeastOne,
    Body,
    Documents,
    ModelName,
    RerankFields,
    parse_body,
    unknown_fields,
)
from rerank_gateway.apis.shared.response_fields import as_object, result_rows, usage_fields
from rerank_gateway.apis.shared.routing_fields import (
    CacheField,
    LoadBalancerField,
    RetryField,
    TimeoutField,
    to_cache_ttl,
    to_call_timeout,
    to_load_balancer,
    to_retry,
)
from rerank_gateway.domain.answer import Answer
from rerank_gateway.domain.request import RerankRequest


class RoutingFields(Body):
    name: str | None = None
    filename: str | None = None
    fallbacks: Annotated[list[ModelName], Field(max_length=50)] | None = None
    retry: RetryField | None = None
    cache: CacheField | None = None
    load_balancer: LoadBalancerField | None = None
    timeout: TimeoutField | None = None
    identity: dict[str, Any] | None = None
    contact: dict[str, Any] | None = None


class OrqBody(RerankFields, RoutingFields):
    documents: Documents
    top_n: AtLeastOne | None = None
    return_documents: bool | None = None
    orq: RoutingFields | None = None


def parse(body: bytes) -> tuple[RerankRequest, list[str]]:
    fields = parse_body(OrqBody, body)
    request = RerankRequest(
        model=fields.model,
        query=fields.query,
        documents=fields.documents,
        texts=texts(fields.documents),
        images=images(fields.documents),
        top_n=fields.top_n,
        return_documents=bool(fields.return_documents),
        fallbacks=tuple(_routing_field(fields, "fallbacks") or ()),
        retry=to_retry(_routing_field(fields, "retry")),
        call_timeout=to_call_timeout(_routing_field(fields, "timeout")),
        cache_ttl=to_cache_ttl(_routing_field(fields, "cache")),
        load_balancer=to_load_balancer(_routing_field(fields, "load_balancer")),
        metadata=_caller_metadata(fields),
    )

    return request, list(unknown_fields(fields))


def _routing_field(fields: OrqBody, name: str) -> Any:
    value = getattr(fields, name)

    return getattr(fields.orq, name) if value is None and fields.orq else value


def _caller_metadata(fields: OrqBody) -> dict[str, Any]:
    """What the request says of itself and of its caller, for the log's list of names."""
    metadata = {name: _routing_field(fields, name) for name in ("name", "filename", "identity", "contact")}

    return {name: value for name, value in metadata.items() if value is not None}


def render(request: RerankRequest, answer: Answer, request_id: str) -> dict[str, Any]:
    results = result_rows(request, answer, as_object)
    for row in results:
        row["object"] = "rerank"

    return {
        "id": request_id,
        "object": "list",
        "model": str(answer.target),
        "results": results,
        "usage": usage_fields(answer.usage),
    }


def render_error(error: HttpError) -> dict[str, Any]:
    """All four keys: one of its clients cannot do without any, and reads a number as no code at all."""
    return {"error": {"code": None, "message": error.message, "param": None, "type": error.kind}}
