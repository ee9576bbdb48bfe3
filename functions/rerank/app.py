"""Sync rerank: one request in, one ranking out, in whichever API the caller speaks."""

import gc

# What is loaded stays. Looking through it for garbage again and again takes a tenth of a cold start, so that begins
# with the first event: the handler enables it.
gc.disable()

from collections.abc import Mapping
from functools import partial
from typing import Any

from rerank_gateway.entry.http.handler import HttpHandler
from rerank_gateway.entry.lambda_context import LambdaContext
from rerank_gateway.entry.routes.catch_all import KEY, catch_all_route
from rerank_gateway.entry.routes.health import health_route
from rerank_gateway.entry.routes.models import model_route, models_route
from rerank_gateway.entry.routes.openapi import openapi_route
from rerank_gateway.entry.routes.openrouter_models import openrouter_models_route
from rerank_gateway.entry.routes.rerank import load_api, nim_model_route, rerank_route, tei_or_native_route
from rerank_gateway.entry.routes.server_facts import (
    cluster_auth_route,
    tei_info_route,
    weaviate_meta_route,
    weaviate_ready_route,
)
from rerank_gateway.entry.routes.target_health import target_health_route
from rerank_gateway.entry.wiring.gateway import GATEWAY

rerank = partial(rerank_route, GATEWAY)
# At once, while Lambda lends a whole processor for the start; the other APIs come with their first callers.
load_api("native")

ROUTES = {
    "GET /health": health_route(GATEWAY),
    "GET /openapi.json": openapi_route(),
    "GET /info": tei_info_route(GATEWAY),
    "GET /tei/info": tei_info_route(GATEWAY),
    "GET /v1/cluster/auth": cluster_auth_route(),
    "GET /weaviate/meta": weaviate_meta_route(),
    "GET /weaviate/.well-known/ready": weaviate_ready_route(GATEWAY),
    "GET /v1/health": target_health_route(GATEWAY),
    "GET /v1/models": models_route(GATEWAY),
    "GET /api/v1/models": openrouter_models_route(GATEWAY),
    "GET /v1/models/{id+}": model_route(GATEWAY),
    "POST /v1/rerank": rerank("native"),
    "POST /rerank": tei_or_native_route(GATEWAY),
    "POST /jina/v1/rerank": rerank("native"),
    "POST /together/v1/rerank": rerank("native"),
    "POST /vllm/v1/rerank": rerank("native"),
    "POST /vllm/rerank": rerank("native"),
    "POST /v2/rerank": rerank("cohere"),
    "POST /cohere/v1/rerank": rerank("cohere"),
    "POST /cohere/v2/rerank": rerank("cohere"),
    "POST /api/v1/rerank": rerank("openrouter"),
    "POST /openrouter/api/v1/rerank": rerank("openrouter"),
    "POST /v2/router/rerank": rerank("orq"),
    "POST /orq/v2/router/rerank": rerank("orq"),
    "POST /voyage/v1/rerank": rerank("voyage"),
    "POST /v1/reranking": rerank("mixedbread"),
    "POST /mixedbread/v1/reranking": rerank("mixedbread"),
    "POST /pinecone/rerank": rerank("pinecone"),
    "POST /infinity/rerank": rerank("infinity"),
    "POST /tei/rerank": rerank("tei"),
    "POST /v1/ranking": rerank("nim"),
    "POST /reranking": rerank("nim"),
    "POST /v1/retrieval/nvidia/reranking": rerank("nim"),
    "POST /v1/retrieval/{model+}": nim_model_route(GATEWAY),
    "POST /v1/score": rerank("score"),
    "POST /score": rerank("score"),
    "POST /api/v1/services/rerank/text-rerank/text-rerank": rerank("dashscope"),
    "POST /compatible-api/v1/reranks": rerank("dashscope_compatible"),
    "POST /v1/reranks": rerank("dashscope_compatible"),
    "POST /weaviate/rerank": rerank("weaviate"),
    "POST /api/rerank": rerank("infinity"),
    "POST /voyage/documents/v1/rerank": rerank("voyage_documents"),
}
ROUTES[KEY] = catch_all_route(ROUTES)
respond = HttpHandler(ROUTES, GATEWAY)


def handler(event: Mapping[str, Any], context: LambdaContext) -> dict[str, Any]:
    return respond(event, context)
