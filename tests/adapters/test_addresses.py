"""Providers' addresses."""

from __future__ import annotations

import pytest

from rerank_gateway.adapters.providers import registry
from rerank_gateway.domain.errors import TargetMissing

FOUNDRY = "https://r.services.ai.azure.com"


@pytest.mark.parametrize(
    ("name", "url", "address"),
    [
        ("jina", None, "https://api.jina.ai/v1/rerank"),
        ("jina", "https://proxy.example/jina", "https://proxy.example/jina/v1/rerank"),
        ("jina", "https://proxy.example/jina/v1", "https://proxy.example/jina/v1/rerank"),
        ("jina", "https://proxy.example/jina/v1/rerank", "https://proxy.example/jina/v1/rerank"),
        ("jina", "https://proxy.example/rerank/", "https://proxy.example/rerank"),
        ("jina", "https://v1", "https://v1/v1/rerank"),
        ("azure", FOUNDRY, f"{FOUNDRY}/providers/cohere/v2/rerank"),
        ("azure", f"{FOUNDRY}/providers/cohere/v2/", f"{FOUNDRY}/providers/cohere/v2/rerank"),
        ("azure", "https://d.models.ai.azure.com/v1/rerank", "https://d.models.ai.azure.com/v1/rerank"),
        ("nim", "http://nim.internal:8000/v1", "http://nim.internal:8000/v1/ranking"),
        ("azure", None, None),
    ],
)
def test_an_operator_s_url_may_hold_some_of_the_path(name: str, url: str | None, address: str | None) -> None:
    """
    A server's root, the base that an OpenAI client has, or the whole address: all lead to the same place.
    """
    assert registry.provider(name).address("m", None, url, {}) == address


@pytest.mark.parametrize(
    ("model", "path"),
    [
        ("nvidia/llama-3.2-nv-rerankqa-1b-v2", "nvidia/llama-3_2-nv-rerankqa-1b-v2"),
        ("nvidia/llama-nemotron-rerank-1b-v2", "nvidia/llama-nemotron-rerank-1b-v2"),
        ("nv-rerank-qa-mistral-4b:1", "nvidia"),
        ("nvidia/nv-rerank-qa-mistral-4b:1", "nvidia"),
    ],
)
def test_nvidia_writes_models_differently_in_addresses(model: str, path: str) -> None:
    """
    Only there: the body has the model's own name.
    """
    address = registry.provider("nvidia").address(model, None, None, {})

    assert address == f"https://ai.api.nvidia.com/v1/retrieval/{path}/reranking"


@pytest.mark.parametrize("name", [n for n in registry.NAMES if "{model}" in registry.provider(n).path])
@pytest.mark.parametrize("model", ["..", "../admin", "a/../../b", "a//b", ".", "/"])
def test_no_model_s_name_leads_elsewhere(name: str, model: str) -> None:
    """
    A caller names the model, and with it never another place on the provider's server.
    """
    provider = registry.provider(name)
    settings = {setting: value or "s" for setting, value in provider.settings.items()}

    with pytest.raises(TargetMissing):
        provider.address(model, None, "https://upstream", settings)
