"""A provider at work: what it knows of models."""

from __future__ import annotations

from rerank_gateway.adapters.providers.reranker import MAX_PROFILES
from tests.adapters.providers import reranker
from tests.fakes import FakeTransport


def test_a_model_s_profile_is_found_once() -> None:
    """
    Every request asks for it several times; callers name models as they like, so memory for them has an end.
    """
    cohere = reranker(FakeTransport([]), "cohere", "http://upstream", "k")
    first = cohere.profile("rerank-v3.5")

    known = cohere.profile("rerank-v3.5")
    for number in range(MAX_PROFILES):
        cohere.profile(f"invented-{number}")

    assert known is first
    assert cohere.profile("rerank-v3.5") == first
    assert cohere.profile("rerank-v3.5") is not first
