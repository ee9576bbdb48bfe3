"""What each provider takes at once, by what its documentation says: the numbers once more, by hand."""

from __future__ import annotations

import pytest

from rerank_gateway.adapters.providers import registry

DOCUMENTS = {
    "azure/cohere-rerank-v4.0-pro": 10_000,
    "bedrock/cohere.rerank-v3-5:0": 1_000,
    "bedrock_invoke/amazon.rerank-v1:0": 1_000,
    "cohere/rerank-v3.5": 10_000,
    "cohere_v1/rerank-v3.5": 999,
    "dashscope/qwen3-rerank": 500,
    "dashscope_native/qwen3-vl-rerank": 100,
    "dashscope_native/gte-rerank-v2": 500,
    "infinity/m": 2_048,
    "lambda/stack-cpu-reranker": 50,
    "mixedbread/mixedbread-ai/mxbai-rerank-large-v2": 1_000,
    "nim/m": 512,
    "nvidia/m": 512,
    "pinecone/cohere-rerank-3.5": 200,
    "pinecone/bge-reranker-v2-m3": 100,
    "prime/m": 1_000,
    "qianfan/bce-reranker-base": 64,
    "sagemaker/stack-gpu-reranker": 256,
    "sagemaker/my-endpoint": 32,
    "sagemaker_cohere/my-endpoint": 10_000,
    "tei/m": 32,
    "vertex/semantic-ranker-default-004": 200,
    "voyage/rerank-2.5": 1_000,
    "zhipu/rerank": 128,
    "zeroentropy/zerank-2": None,
    "watsonx/m": None,
    "vllm/m": None,
}
CHARACTERS = {
    "bedrock/cohere.rerank-v3-5:0": 32_000,
    "infinity/m": 122_880,
    "qianfan/bce-reranker-base": 4_096,
    "zhipu/rerank": 4_096,
}
"""In one text."""
BYTES = {
    "lambda/stack-cpu-reranker": 5_500_000,
    "prime/m": 16_000_000,
    "sagemaker/stack-gpu-reranker": 6_000_000,
    "sagemaker/my-endpoint": 1_900_000,
    "sagemaker_cohere/my-endpoint": 6_000_000,
    "sagemaker_vllm/my-endpoint": 6_000_000,
    "tei/m": 1_900_000,
    "zeroentropy/zerank-2": 5_000_000,
}
TOKENS = {
    "dashscope/qwen3-rerank": 120_000,
    "dashscope_native/gte-rerank-v2": 30_000,
    "voyage/rerank-2.5": 600_000,
    "voyage/rerank-lite-1": 300_000,
    "voyage/rerank-1": 100_000,
}


@pytest.mark.parametrize(
    ("kind", "name", "most"),
    [
        (kind, name, most)
        for kind, table in (("documents", DOCUMENTS), ("length", CHARACTERS), ("size", BYTES), ("tokens", TOKENS))
        for name, most in table.items()
    ],
)
def test_a_request_holds_what_the_provider_takes(kind: str, name: str, most: int | None) -> None:
    """
    Not one more, or all of it is refused; not one less, or it costs another request.
    """
    provider, _, model = name.partition("/")

    assert getattr(registry.provider(provider).profile(model).limits, kind) == most
