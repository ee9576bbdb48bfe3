"""
The gateway's own API, `POST /v1/rerank`: what the clients of Bifrost, Jina, Cohere v1 and the plain Reranker API send
there, and an answer in which each of them finds its fields.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from rerank_gateway.apis.shared.bifrost_error import render_error
from rerank_gateway.apis.shared.billed_units import billed_units
from rerank_gateway.apis.shared.documents import images, texts
from rerank_gateway.apis.shared.extra_fields import extra_fields
from rerank_gateway.apis.shared.metadata_field import to_metadata
from rerank_gateway.apis.shared.provider_field import ProviderField, to_preferences
from rerank_gateway.apis.shared.request_fields import (
    AnyTruncate,
    AtLeastOne,
    Body,
    Documents,
    Int,
    Metadata,
    ModelName,
    Name,
    NotBlank,
    RankFields,
    ShortText,
    field_warnings,
    parse_body,
)
from rerank_gateway.apis.shared.response_fields import (
    as_object,
    result_rows,
    usage_fields,
)
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

__all__ = ["parse", "render", "render_error"]

DEFAULT_ALIAS = "default"


class RerankBody(Body):
    """Where it names no model, the alias `default` ranks, if the operator has made one."""

    model: Name | None
    query: NotBlank
    rank_fields: RankFields | None = None
    documents: Documents
    top_n: AtLeastOne | None = None
    top_k: AtLeastOne | None = None
    max_tokens_per_doc: AtLeastOne | None = None
    max_tokens_per_document: AtLeastOne | None = None
    truncate: AnyTruncate | None = None
    priority: Int | None = None
    return_documents: bool | None = None
    instruction: str | None = None
    scores: Literal["raw", "normalized"] | None = None
    fallbacks: Annotated[list[ModelName], Field(max_length=50)] | None = None
    retry: RetryField | None = None
    timeout: TimeoutField | None = None
    load_balancer: LoadBalancerField | None = None
    cache: CacheField | None = None
    provider: ProviderField | None = None
    extra_body: dict[str, Any] | None = None
    metadata: Metadata | None = None
    user: ShortText | None = None


def parse(body: bytes) -> tuple[RerankRequest, list[str]]:
    """The request in *body*, and the names of the fields in it that have no effect. Raises InvalidRequest."""
    fields = parse_body(RerankBody, body)
    if fields.model is None:
        fields.note(f"{DEFAULT_ALIAS} as model")

    return _request(fields), field_warnings(fields)


def _request(body: RerankBody) -> RerankRequest:
    return RerankRequest(
        **_ranking_fields(body),
        fallbacks=tuple(body.fallbacks or ()),
        load_balancer=to_load_balancer(body.load_balancer),
        retry=to_retry(body.retry),
        call_timeout=to_call_timeout(body.timeout),
        cache_ttl=to_cache_ttl(body.cache),
        preferences=to_preferences(body.provider),
        user=body.user,
        extra_body=body.extra_body or {},
        **to_metadata(body.metadata, len(body.documents)),
    )


def _ranking_fields(body: RerankBody) -> dict[str, Any]:
    """The request's fields that are about ranking, and not about routing."""
    return {
        "model": body.model or "",
        "query": body.query,
        "documents": body.documents,
        "texts": texts(body.documents, body.rank_fields or ()),
        "images": images(body.documents, body.rank_fields or ()),
        "top_n": body.top_n or body.top_k,
        "return_documents": bool(body.return_documents),
        "max_tokens_per_doc": body.max_tokens_per_doc or body.max_tokens_per_document,
        "truncate": body.truncate,
        "priority": body.priority,
        "instruction": body.instruction,
        "normalized": body.scores == "normalized",
    }


def render(request: RerankRequest, answer: Answer, request_id: str) -> dict[str, Any]:
    """The body of a 200."""
    return {
        "id": f"rerank-{request_id}",
        "object": "list",
        "model": answer.target.model,
        "results": result_rows(request, answer, as_object),
        "usage": usage_fields(answer.usage),
        "meta": {"api_version": {"version": "1"}, "billed_units": billed_units(request, answer)},
        "extra_fields": extra_fields(request, answer),
    }
