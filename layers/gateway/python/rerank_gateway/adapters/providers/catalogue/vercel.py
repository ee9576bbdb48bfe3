"""Vercel AI Gateway, by way of its API for Cohere's clients."""

from dataclasses import replace

from rerank_gateway.adapters.providers.catalogue.cohere_v1 import DIALECT
from rerank_gateway.adapters.providers.description import Provider

PROVIDER = Provider(
    name="vercel",
    title="Vercel AI Gateway",
    dialect=replace(DIALECT, kind="unknown"),
    url="https://ai-gateway.vercel.sh",
    path="/v1/rerank",
    key_variables=("AI_GATEWAY_API_KEY", "VERCEL_OIDC_TOKEN"),
    docs="https://vercel.com/docs/ai-gateway/sdks-and-apis/cohere-rerank",
    source="from the vendor's documentation",
    models=("cohere/rerank-v3.5",),
)
