"""Every price there is, written down a second time, so that none changes by accident or without notice."""

from __future__ import annotations

import json
from collections.abc import Iterator
from fnmatch import fnmatchcase
from typing import Any

import pytest

from rerank_gateway.adapters.providers import registry
from rerank_gateway.adapters.transports.messages import ProviderResponse
from rerank_gateway.domain.usage import Usage
from tests.adapters.providers import Recorded, reranker
from tests.fakes import FakeTransport, request, within

USD_A_SEARCH = {
    "azure/cohere-rerank-v3-english": 0.002,
    "azure/cohere-rerank-v3-multilingual": 0.002,
    "azure/cohere-rerank-v4.0-fast": 0.002,
    "azure/cohere-rerank-v4.0-pro": 0.0025,
    "azure/Cohere-rerank-v4.0-pro": 0.0025,
    "bedrock/amazon.rerank-v1:0": 0.001,
    "bedrock/cohere.rerank-v3-5:0": 0.002,
    "bedrock_invoke/amazon.rerank-v1:0": 0.001,
    "bedrock_invoke/cohere.rerank-v3-5:0": 0.002,
    "cohere/rerank-english-v3.0": 0.002,
    "cohere/rerank-multilingual-v3.0": 0.002,
    "cohere/rerank-v3.5": 0.002,
    "cohere/rerank-v4.0-fast": 0.002,
    "cohere/rerank-v4.0-pro": 0.0025,
    "cohere_v1/rerank-english-v3.0": 0.002,
    "cohere_v1/rerank-multilingual-v3.0": 0.002,
    "cohere_v1/rerank-v3.5": 0.002,
    "cohere_v1/rerank-v4.0-fast": 0.002,
    "cohere_v1/rerank-v4.0-pro": 0.0025,
    "vertex/semantic-ranker-default": 0.001,
    "vertex/semantic-ranker-default-002": 0.001,
    "vertex/semantic-ranker-default-003": 0.001,
    "vertex/semantic-ranker-default-004": 0.001,
    "vertex/semantic-ranker-default@latest": 0.001,
    "vertex/semantic-ranker-fast": 0.001,
    "vertex/semantic-ranker-fast-004": 0.001,
    "vertex/semantic-ranker-fast@latest": 0.001,
}
USD_A_MILLION_TOKENS = {
    "cohere/rerank-v5.0-fast": 0.02,
    "cohere/rerank-v5.0-pro": 0.05,
    "cohere_v1/rerank-v5.0-fast": 0.02,
    "cohere_v1/rerank-v5.0-pro": 0.05,
    "dashscope/qwen3-rerank": 0.069,
    "dashscope_native/gte-rerank-v2": 0.115,
    "dashscope_native/qwen3-rerank": 0.069,
    "deepinfra/Qwen/Qwen3-Reranker-0.6B": 0.01,
    "deepinfra/Qwen/Qwen3-Reranker-8B": 0.05,
    "deepinfra/nvidia/Nemotron-3.5-Rerank-8B-BF16": 0.05,
    "fireworks/accounts/fireworks/models/qwen3-reranker-0p6b": 0.0,
    "fireworks/accounts/fireworks/models/qwen3-reranker-4b": 0.0,
    "fireworks/accounts/fireworks/models/qwen3-reranker-8b": 0.20,
    "fireworks/fireworks/qwen3-reranker-8b": 0.20,
    "isaacus/kanon-2-reranker": 0.35,
    "jina/jina-reranker-v2-base-multilingual": 0.05,
    "mixedbread/mixedbread-ai/mxbai-rerank-base-v1": 0.15,
    "novita/baai/bge-reranker-v2-m3": 0.01,
    "novita/qwen/qwen3-reranker-8b": 0.05,
    "nvidia/nvidia/llama-nemotron-rerank-1b-v2": 0.0,
    "prime/qwen/qwen3-reranker-0.6b": 0.20,
    "together/Salesforce/Llama-Rank-V1": 0.10,
    "together/Salesforce/Llama-Rank-v1": 0.10,
    "voyage/rerank-1": 0.05,
    "voyage/rerank-2": 0.05,
    "voyage/rerank-2-lite": 0.02,
    "voyage/rerank-2.5": 0.05,
    "voyage/rerank-2.5-lite": 0.02,
    "voyage/rerank-3": 0.05,
    "voyage/rerank-3-lite": 0.02,
    "voyage/rerank-lite-1": 0.02,
    "zeroentropy/zerank-2": 0.025,
}
USED = Usage(prompt_tokens=1_999_000, completion_tokens=1_000, total_tokens=2_000_000, search_units=3)
COSTS = [(target, 3 * usd) for target, usd in USD_A_SEARCH.items()] + [
    (target, 2 * usd) for target, usd in USD_A_MILLION_TOKENS.items()
]


@pytest.mark.parametrize(("target", "cost"), COSTS)
def test_what_was_used_costs_what_the_vendor_takes_for_it(target: str, cost: float) -> None:
    """
    Three searches or two million tokens, by whichever of the two a model is charged.
    """
    provider, _, model = target.partition("/")

    price = registry.provider(provider).profile(model).price

    assert price is not None
    assert price.of(USED) == pytest.approx(cost)


def test_no_price_is_missing_here() -> None:
    """
    Each row of each description is one that some model above comes to, or a recorded exchange with its cost.
    """
    rows = {(name, glob) for name in registry.NAMES for glob in registry.provider(name).prices}

    checked = [target for target, _ in COSTS] + [f"{name}/{model}" for name, model in _recorded_with_cost()]

    assert rows - {_row_of(target) for target in checked} == set()


def _row_of(target: str) -> tuple[str, str | None]:
    provider, _, model = target.partition("/")

    return provider, next((glob for glob in registry.provider(provider).prices if fnmatchcase(model, glob)), None)


def _recorded_with_cost() -> Iterator[tuple[str, str]]:
    """Providers and models whose recorded cost is by the price: a wrong price would fail its test."""
    for recorded in map(Recorded.of, registry.NAMES):
        price = registry.provider(recorded.name).profile(recorded.model).price
        if price and recorded.usage["cost"] == pytest.approx(price.of(Usage(**{**recorded.usage, "cost": None}))):
            yield recorded.name, recorded.model


ROW = {"index": 0, "relevance_score": 0.9}
UNITS = {"results": [ROW], "meta": {"billed_units": {"search_units": 3}}}
TOKENS = {"results": [ROW], "meta": {"billed_units": {"input_tokens": 1_000}, "tokens": {"input_tokens": 1_200}}}
SCORED = {"scores": [0.9] * 101, "input_tokens": 1_000}


@pytest.mark.parametrize(
    ("target", "response", "cost"),
    [
        pytest.param("azure/cohere-rerank-v4.0-pro", {"results": [ROW]}, 2 * 0.0025, id="a unit covers 100 documents"),
        pytest.param("cohere/rerank-v3.5", UNITS, 3 * 0.002, id="the vendor's own units"),
        pytest.param("cohere/rerank-v5.0-pro", TOKENS, 1_000 * 0.05 / 1e6, id="tokens as far as they are billed"),
        pytest.param("deepinfra/Qwen/Qwen3-Reranker-8B", SCORED, 1_000 * 0.05 / 1e6, id="by the price list"),
        pytest.param(
            "deepinfra/Qwen/Qwen3-Reranker-8B",
            {**SCORED, "inference_status": {"cost": 0.0007}},
            0.0007,
            id="the vendor's own figure",
        ),
        pytest.param("openrouter/a/b", {"results": [ROW], "usage": {"cost": 0.001}}, 0.001, id="a broker's own figure"),
        pytest.param("vercel/cohere/rerank-v3.5", UNITS, None, id="unknown"),
    ],
)
def test_a_request_costs_what_was_used_for_it(target: str, response: Any, cost: float | None) -> None:
    """
    For 101 documents: by the cost that the vendor reports, else by the usage that it reports, else by their number.
    """
    provider, _, model = target.partition("/")
    texts = tuple(f"text {number}" for number in range(101))
    transport = FakeTransport([ProviderResponse(200, {}, json.dumps(response).encode())])

    scores = reranker(transport, provider, "http://upstream", "k").rerank(
        request(documents=texts, texts=texts, top_n=1), model, within(5.0)
    )

    assert scores.usage.cost == (cost if cost is None else pytest.approx(cost))


LONG = ("x" * 4 * 600, "x" * 4 * 99_999, "short")


@pytest.mark.parametrize(
    ("target", "options", "units"),
    [
        # 2 and 9 chunks of 500 tokens, as no more than 4,096 tokens are read, and 1: 12 of a hundred times as many.
        ("azure/cohere-rerank-v4.0-pro", {}, 12),
        ("bedrock_invoke/cohere.rerank-v3-5:0", {}, 12),
        ("azure/cohere-rerank-v4.0-pro", {"max_tokens_per_doc": 400}, 3),
        ("bedrock_invoke/amazon.rerank-v1:0", {}, 3),
    ],
)
def test_a_long_text_counts_for_several_documents_at_cohere(target: str, options: Any, units: int) -> None:
    """
    Where the provider does not say how many search units there were, they are those that Cohere counts.
    """
    provider, _, model = target.partition("/")
    texts = LONG * 100

    price = registry.provider(provider).profile(model).price

    assert price is not None
    assert price.search_units(request(documents=texts, texts=texts, **options)) == units


def test_prices_may_be_others_at_another_host() -> None:
    """
    Singapore's are not those of Beijing.
    """
    dashscope = registry.provider("dashscope")
    at_singapore = dashscope.at("https://dashscope-intl.aliyuncs.com/compatible-api/v1")

    prices = [
        provider.profile("qwen3-rerank").price for provider in (dashscope.at("https://proxy.example"), at_singapore)
    ]

    assert [price.per_million_tokens for price in prices if price] == [0.069, 0.10]
