"""What only one provider needs."""

from __future__ import annotations

import json
from typing import Any

import pytest

from rerank_gateway.adapters.providers import registry
from rerank_gateway.adapters.transports.messages import ProviderResponse
from rerank_gateway.domain.errors import TargetRefused
from tests.fakes import request


def payload_for(name: str, model: str = "m", **changes: Any) -> dict[str, Any]:
    provider = registry.provider(name)
    settings = {name: value for name, value in provider.settings.items() if value is not None}

    return provider.dialect.phrase(request(**changes), model, settings)


@pytest.mark.parametrize(("truncate", "sent"), [(None, "END"), ("end", "END"), ("start", "END"), ("none", "NONE")])
def test_pinecone_is_always_sent_whether_to_truncate(truncate: str | None, sent: str) -> None:
    """
    Its models have different defaults for a long text; it truncates at the end only.
    """
    assert payload_for("pinecone", "bge-reranker-v2-m3", truncate=truncate)["parameters"] == {"truncate": sent}


def test_cohere_at_pinecone_has_no_truncation() -> None:
    """
    Its model there takes another parameter, which a caller may give.
    """
    theirs = {"parameters": {"max_chunks_per_doc": 2}}

    assert "parameters" not in payload_for("pinecone", "cohere-rerank-3.5", truncate="none")
    assert payload_for("pinecone", "cohere-rerank-3.5", extra_body=theirs)["parameters"] == theirs["parameters"]


@pytest.mark.parametrize(("truncate", "sent"), [(None, True), ("end", True), ("start", True), ("none", False)])
def test_voyage_is_always_sent_whether_to_truncate(truncate: str | None, sent: bool) -> None:
    """
    A text that is too long is truncated unless the caller says no.
    """
    assert payload_for("voyage", "rerank-2.5", truncate=truncate)["truncation"] is sent


def test_zeroentropy_may_be_slow_unless_the_operator_objects() -> None:
    """
    No latency is sent where the configuration has none.
    """
    assert "latency" not in payload_for("zeroentropy")


@pytest.mark.parametrize(
    "usage",
    [
        {"tokens": {"input_tokens": 33, "output_tokens": 1}},
        {"meta": {"tokens": {"input_tokens": 33, "output_tokens": 1}, "billed_units": {"input_tokens": 33}}},
    ],
)
def test_siliconflow_counts_in_either_place(usage: dict[str, Any]) -> None:
    """
    Its older documentation and its newer one have the tokens in different places.
    """
    response = ProviderResponse(200, {}, json.dumps({"results": [], **usage}).encode())

    counted = registry.provider("siliconflow").dialect.understand(response).usage

    assert (counted.prompt_tokens, counted.completion_tokens, counted.total_tokens) == (33, 1, 34)


def test_siliconflow_sends_images_to_models_that_take_them() -> None:
    """
    One of its models takes images; to the others a document with nothing else is not sent.
    """
    asked: dict[str, Any] = {"texts": ("a", "", "c"), "images": {1: "https://a/b.png"}}

    assert payload_for("siliconflow", "Qwen/Qwen3-VL-Reranker-8B", **asked)["documents"] == [
        "a",
        {"image": "https://a/b.png"},
        "c",
    ]
    with pytest.raises(TargetRefused, match="no images"):
        payload_for("siliconflow", "BAAI/bge-reranker-v2-m3", **asked)


@pytest.mark.parametrize(
    ("truncate", "sent"),
    [(None, (True, "Right")), ("end", (True, "Right")), ("start", (True, "Left")), ("none", (False, "Right"))],
)
@pytest.mark.parametrize("name", ["tei", "baseten"])
def test_tei_truncates_at_either_end(name: str, truncate: str | None, sent: tuple[bool, str]) -> None:
    """
    Baseten's API is TEI's.
    """
    asked = payload_for(name, truncate=truncate)

    assert (asked["truncate"], asked["truncation_direction"]) == sent
