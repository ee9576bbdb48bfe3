"""Scores that can be compared across models, from the event to the response."""

from __future__ import annotations

import pytest

from tests.functions.conftest import Configure
from tests.functions.gateway import Response, rerank
from tests.functions.rankers import ranker
from tests.functions.targets import configuration, pointed_at


def scores(response: Response) -> list[float]:
    return [row["relevance_score"] for row in response.json["results"]]


def test_a_rounding_error_above_1_is_cut_off_and_makes_no_logits(configure: Configure) -> None:
    """
    A threshold keeps its meaning although one score of a probability model is a last bit too high.
    """
    with ranker(lambda text: {4: 1.0000001, 3: 0.3}[len(text)]) as provider:
        configure(**pointed_at(provider))
        raw = rerank(model="cohere/rerank-v3.5", documents=["four", "two"])
        normalized = rerank(model="cohere/rerank-v3.5", documents=["four", "two"], scores="normalized")

    assert (scores(raw), raw.json["extra_fields"]["scores"]) == ([1.0000001, 0.3], "probability")
    assert (scores(normalized), normalized.json["extra_fields"]["scores"]) == ([1.0, 0.3], "normalized")


def test_the_best_of_a_fusion_is_1(configure: Configure) -> None:
    """
    Whoever is first everywhere; thresholds below that mean something.
    """
    with ranker() as one, ranker() as other:
        configure(GATEWAY_CONFIG=configuration(one.url, other.url, alias='fuse = "rrf"'), COHERE_API_KEY="k")
        response = rerank(model="both", documents=["a", "bb"], scores="normalized")

    assert scores(response) == [1.0, pytest.approx(61 / 62)]


def test_the_operator_knows_what_a_server_of_theirs_scores(configure: Configure) -> None:
    """
    Logits that all happen to lie between 0 and 1 are logits still.
    """
    with ranker(lambda _: 0.0) as provider:
        configure(GATEWAY_CONFIG=f'[providers.vllm]\nurl = "{provider.url}"\nscores = "logit"')
        response = rerank(model="vllm/m", documents=["a"], scores="normalized")

    assert scores(response) == [0.5]
