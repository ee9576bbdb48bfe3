"""Sync rerank: one request in, one ranking out, in whichever API the caller speaks."""

from collections.abc import Mapping
from typing import Any

# Loaded at once, while Lambda lends a whole processor for the start; the other APIs come with their first callers.
from rerank_gateway.apis import native
from rerank_gateway.entry.http.handler import LambdaContext, Route, serve
from rerank_gateway.entry.routes.openapi import openapi
from rerank_gateway.entry.routes.rerank import health, models, rerank_route, tei_or_native_route

ROUTES = {
    "GET /health": Route(health, lambda _: native),
    "GET /openapi.json": Route(openapi, lambda _: native),
    "GET /v1/models": Route(models, lambda _: native),
    "POST /v1/rerank": rerank_route("native"),
    "POST /rerank": tei_or_native_route(),
    "POST /jina/v1/rerank": rerank_route("native"),
    "POST /together/v1/rerank": rerank_route("native"),
    "POST /vllm/v1/rerank": rerank_route("native"),
    "POST /vllm/rerank": rerank_route("native"),
    "POST /v2/rerank": rerank_route("cohere"),
    "POST /cohere/v1/rerank": rerank_route("cohere"),
    "POST /cohere/v2/rerank": rerank_route("cohere"),
    "POST /api/v1/rerank": rerank_route("openrouter"),
    "POST /openrouter/api/v1/rerank": rerank_route("openrouter"),
    "POST /v2/router/rerank": rerank_route("orq"),
    "POST /orq/v2/router/rerank": rerank_route("orq"),
    "POST /voyage/v1/rerank": rerank_route("voyage"),
    "POST /v1/reranking": rerank_route("mixedbread"),
    "POST /mixedbread/v1/reranking": rerank_route("mixedbread"),
    "POST /pinecone/rerank": rerank_route("pinecone"),
    "POST /infinity/rerank": rerank_route("infinity"),
    "POST /tei/rerank": rerank_route("tei"),
}


def handler(event: Mapping[str, Any], context: LambdaContext) -> dict[str, Any]:
    return serve(ROUTES, event, context)
