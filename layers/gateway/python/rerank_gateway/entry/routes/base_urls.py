"""What the base URL of an API is, for those who got lost: it is what most of them have wrong."""

from __future__ import annotations

from collections.abc import Mapping

NATIVE = "a client's base URL is URL, or URL/v1 where it adds only /rerank"
COHERE = "Cohere's base URL is URL without /v2"
NIM = "NVIDIA's base URL is URL, or URL/v1 where a client adds only /ranking"

BASE_URLS: Mapping[str, str] = {
    "POST /v1/rerank": NATIVE,
    "POST /rerank": NATIVE,
    "POST /v2/rerank": COHERE,
    "POST /cohere/v1/rerank": COHERE,
    "POST /cohere/v2/rerank": COHERE,
    "POST /api/v1/rerank": "OpenRouter's base URL is URL/api/v1",
    "POST /openrouter/api/v1/rerank": "OpenRouter's base URL is URL/api/v1",
    "POST /v2/router/rerank": "orq.ai's base URL is URL",
    "POST /orq/v2/router/rerank": "orq.ai's base URL is URL",
    "POST /jina/v1/rerank": "Jina's base URL is URL/v1",
    "POST /together/v1/rerank": "Together's base URL is URL, or URL/together/v1 where it adds only /rerank",
    "POST /vllm/v1/rerank": "vLLM's base URL is URL/vllm",
    "POST /vllm/rerank": "vLLM's base URL is URL/vllm",
    "POST /voyage/v1/rerank": "Voyage's base URL is URL/voyage/v1",
    "POST /v1/reranking": "Mixedbread's base URL is URL",
    "POST /mixedbread/v1/reranking": "Mixedbread's base URL is URL",
    "POST /pinecone/rerank": "Pinecone's host is URL/pinecone",
    "POST /infinity/rerank": "Infinity's base URL is URL/infinity",
    "POST /tei/rerank": "the base URL of Text Embeddings Inference is URL/tei",
    "POST /v1/ranking": NIM,
    "POST /reranking": NIM,
    "POST /v1/retrieval/nvidia/reranking": NIM,
    "POST /v1/retrieval/{model+}": NIM,
    "POST /v1/score": "a client's base URL for scores is URL",
    "POST /score": "a client's base URL for scores is URL",
    "POST /api/v1/services/rerank/text-rerank/text-rerank": "DashScope's base URL is URL/api/v1",
    "POST /compatible-api/v1/reranks": "DashScope's base URL for other clients is URL/compatible-api/v1",
    "POST /v1/reranks": "DashScope's base URL for other clients is URL/compatible-api/v1",
    "POST /weaviate/rerank": "RERANKER_INFERENCE_API is URL/weaviate",
    "POST /api/rerank": "Ollama's base URL is URL",
    "POST /voyage/documents/v1/rerank": "Continue's apiBase for Voyage is URL/voyage/documents/v1",
}
