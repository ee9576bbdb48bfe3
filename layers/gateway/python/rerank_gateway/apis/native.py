"""
The gateway's own API, `POST /v1/rerank`: what the clients of Bifrost, Jina, Cohere v1 and the plain Reranker API send
there, and an answer in which each of them finds its fields.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from rerank_gateway.apis.controls import (
    CacheField,
    LoadBalancerField,
    ProviderField,
    RetryField,
    TimeoutField,
    balance_of,
    cache_ttl_of,
    preferences_of,
    retry_of,
    seconds_of,
)
from rerank_gateway.apis.documents import images, texts
from rerank_gateway.apis.envelope import failure
from rerank_gateway.apis.fields import Asked, AtLeastOne, Documents, ModelName, Whole, read, unknown_fields
from rerank_gateway.apis.parts import as_object, attempts, billed_units, milliseconds, rows, usage
from rerank_gateway.domain.answer import Answer
from rerank_gateway.domain.request import RerankRequest, Truncate

__all__ = ["answer", "failure", "parse"]


class RerankBody(Asked):
    documents: Documents
    top_n: AtLeastOne | None = None
    top_k: AtLeastOne | None = None
    max_tokens_per_doc: AtLeastOne | None = None
    max_tokens_per_document: AtLeastOne | None = None
    truncate: Truncate | None = None
    priority: Whole | None = None
    return_documents: bool | None = None
    rank_fields: list[str] | None = None
    instruction: str | None = None
    scores: Literal["raw", "normalized"] | None = None
    fallbacks: Annotated[list[ModelName], Field(max_length=50)] | None = None
    retry: RetryField | None = None
    timeout: TimeoutField | None = None
    load_balancer: LoadBalancerField | None = None
    cache: CacheField | None = None
    provider: ProviderField | None = None
    extra_body: dict[str, Any] | None = None
    metadata: dict[str, Any] | None = None
    user: str | None = None


def parse(body: bytes) -> tuple[RerankRequest, list[str]]:
    """The request in *body*, and the names of the fields in it that have no effect. Raises InvalidRequest."""
    fields = read(RerankBody, body)

    return _request(fields), list(unknown_fields(fields))


def _request(body: RerankBody) -> RerankRequest:
    return RerankRequest(
        model=body.model,
        query=body.query,
        documents=body.documents,
        texts=texts(body.documents, body.rank_fields or ()),
        images=images(body.documents, body.rank_fields or ()),
        top_n=body.top_n or body.top_k,
        return_documents=bool(body.return_documents),
        max_tokens_per_doc=body.max_tokens_per_doc or body.max_tokens_per_document,
        truncate=body.truncate,
        priority=body.priority,
        instruction=body.instruction,
        normalized=body.scores == "normalized",
        fallbacks=tuple(body.fallbacks or ()),
        balance=balance_of(body.load_balancer),
        retry=retry_of(body.retry),
        call_timeout=seconds_of(body.timeout),
        cache_ttl=cache_ttl_of(body.cache),
        preferences=preferences_of(body.provider),
        user=body.user,
        metadata=body.metadata or {},
        extra_body=body.extra_body or {},
    )


def answer(request: RerankRequest, given: Answer, request_id: str) -> dict[str, Any]:
    """The body of a 200."""
    return {
        "id": f"rerank-{request_id}",
        "object": "list",
        "model": given.target.model,
        "results": rows(request, given, document=as_object),
        "usage": usage(given.usage),
        "meta": {"api_version": {"version": "1"}, "billed_units": billed_units(given.usage)},
        "extra_fields": {
            "request_type": "rerank",
            "provider": given.target.provider,
            "model_requested": request.model,
            "latency": milliseconds(given.latency),
            "chunk_index": 0,
            "cache_hit": given.cache == "hit",
            "scores": given.ranking.kind,
            "attempts": attempts(given.attempts),
        },
    }
