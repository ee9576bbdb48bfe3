"""Sync rerank: one request in, one ranking out, in whichever API the caller speaks."""

from collections.abc import Mapping
from typing import Any

# Loaded at once, while Lambda lends a whole processor for the start; the other APIs come with their first callers.
from rerank_gateway.apis import native
from rerank_gateway.entry.http import LambdaContext, Route, serve
from rerank_gateway.entry.openapi_route import openapi
from rerank_gateway.entry.rerank_routes import health, models, ranks, ranks_by_body

ROUTES = {
    "GET /health": Route(health, lambda _: native),
    "GET /openapi.json": Route(openapi, lambda _: native),
    "GET /v1/models": Route(models, lambda _: native),
    "POST /v1/rerank": ranks("native"),
    "POST /rerank": ranks_by_body(),
    "POST /jina/v1/rerank": ranks("native"),
    "POST /together/v1/rerank": ranks("native"),
    "POST /vllm/v1/rerank": ranks("native"),
    "POST /vllm/rerank": ranks("native"),
    "POST /v2/rerank": ranks("cohere"),
    "POST /cohere/v1/rerank": ranks("cohere"),
    "POST /cohere/v2/rerank": ranks("cohere"),
    "POST /api/v1/rerank": ranks("openrouter"),
    "POST /openrouter/api/v1/rerank": ranks("openrouter"),
    "POST /v2/router/rerank": ranks("orq"),
    "POST /orq/v2/router/rerank": ranks("orq"),
    "POST /voyage/v1/rerank": ranks("voyage"),
    "POST /v1/reranking": ranks("mixedbread"),
    "POST /mixedbread/v1/reranking": ranks("mixedbread"),
    "POST /pinecone/rerank": ranks("pinecone"),
    "POST /infinity/rerank": ranks("infinity"),
    "POST /tei/rerank": ranks("tei"),
}


def handler(event: Mapping[str, Any], context: LambdaContext) -> dict[str, Any]:
    return serve(ROUTES, event, context)
