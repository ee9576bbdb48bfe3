"""More than one way to call targets, from the event to the response, with providers on loopback."""

from __future__ import annotations

import json

import pytest

from tests.functions.conftest import Configure
from tests.functions.gateway import event, invoke, rerank
from tests.functions.rankers import ranker
from tests.functions.targets import configuration, pointed_at, tried
from tests.upstream import says, upstream


def test_more_documents_than_a_server_takes_are_one_ranking(configure: Configure) -> None:
    """
    TEI takes 32 at a time: 70 are three requests, side by side, one attempt and one answer.
    """
    documents = ["x" * (1 + number * 37 % 70) for number in range(70)]

    with ranker(lambda text: len(text) / 100) as provider:
        configure(**pointed_at(provider))
        response = rerank(model="tei/m", documents=documents, top_n=50)

    assert sorted(len(request["texts"]) for request in provider.requests) == [6, 32, 32]
    assert [row["index"] for row in response.json["results"]] == sorted(
        range(70), key=lambda index: -len(documents[index])
    )[:50]
    assert [attempt["parts"] for attempt in response.json["extra_fields"]["attempts"]] == [3]


def test_a_server_gets_as_many_requests_at_a_time_as_the_operator_says(configure: Configure) -> None:
    """
    With `max_parallel = 1` the parts of a request stand in line.
    """
    with ranker() as provider:
        configure(**pointed_at(provider, tei_has="max_parallel = 1"))
        response = rerank(model="tei/m", documents=["x" * number for number in range(200)])

    assert response.status == 200
    assert (len(provider.requests), provider.most) == (7, 1)


def test_a_hedge_answers_for_a_silent_provider(configure: Configure) -> None:
    """
    The caller waits for as long as the alias says, and the attempts name who was overtaken.
    """
    with ranker(silent=True) as silent, ranker() as ready:
        config = configuration(silent.url, ready.url, alias="hedge_after_ms = 50")
        configure(GATEWAY_CONFIG=config, COHERE_API_KEY="k")
        response = rerank(model="both")

    assert tried(response) == [("cohere/rerank-v3.5", 499), ("tei/m", 200)]
    assert response.json["extra_fields"]["attempts"][0]["error"] == "provider_overtaken"
    assert response.json["extra_fields"]["provider"] == "tei"
    assert len(silent.requests) == len(ready.requests) == 1


def test_several_rankings_become_one(configure: Configure) -> None:
    """
    With `fuse = "rrf"` both are called, and the scores are those of the fusion.
    """
    with ranker() as short, ranker(lambda text: -float(len(text))) as long:
        configure(GATEWAY_CONFIG=configuration(short.url, long.url, alias='fuse = "rrf"'), COHERE_API_KEY="k")
        response = rerank(model="both", documents=["a", "bb", "ccc"], top_n=2)

    # Third and first beat second and second.
    rows = response.json["results"]
    assert tried(response) == [("cohere/rerank-v3.5", 200), ("tei/m", 200)]
    assert [row["index"] for row in rows] == [0, 2]
    assert [row["relevance_score"] for row in rows] == [pytest.approx(1 / 61 + 1 / 63)] * 2
    assert response.json["extra_fields"]["scores"] == "rrf"


def test_a_fusion_costs_what_is_known_of_all_or_nothing(configure: Configure) -> None:
    """
    TEI says no price: Cohere's alone would pass for the whole.
    """
    with ranker() as both:
        configure(**pointed_at(both, alias='fuse = "rrf"'))
        fused, alone = rerank(model="both"), rerank(model="cohere/rerank-v3.5")

    assert "cost" not in fused.json["usage"]
    assert "x-rerank-cost" not in fused.headers
    assert alone.json["usage"]["cost"] == 0.002


def test_a_member_that_fails_is_left_out(configure: Configure) -> None:
    """
    The fusion is what the others say.
    """
    with upstream(says({}, 500)) as broken, ranker() as ready:
        configure(GATEWAY_CONFIG=configuration(broken.url, ready.url, alias='fuse = "rrf"'), COHERE_API_KEY="k")
        response = rerank(model="both")

    assert tried(response) == [("cohere/rerank-v3.5", 500), ("tei/m", 200)]
    assert response.json["extra_fields"]["provider"] == "tei"


def test_a_provider_that_is_down_is_passed_over(configure: Configure) -> None:
    """
    After five errors the fallback answers at once, and the provider is left in peace.
    """
    with upstream(says({}, 500)) as broken:
        config = configuration(broken.url, broken.url)
        configure(GATEWAY_CONFIG=f'last_resort = "local/bm25"\n{config}', COHERE_API_KEY="k")
        answers = [rerank(model="cohere/rerank-v3.5") for _ in range(7)]

    assert [response.status for response in answers] == [200] * 7
    assert [tried(response) for response in answers[5:]] == [[("local/bm25", 200)]] * 2
    assert len(broken.questions) == 5


def test_a_long_call_timeout_still_reaches_the_fallback(configure: Configure) -> None:
    """
    orq.ai's own example, 30,000 ms and a fallback: a provider that never answers has its share of the time, no more.
    """
    fields = {"model": "tei/m", "timeout": {"call_timeout": 30_000}, "fallbacks": [{"model": "local/bm25"}]}
    with ranker(silent=True) as silent:
        configure(**pointed_at(silent))
        request = event("orq")
        request["body"] = json.dumps(json.loads(request["body"]) | fields)
        response = invoke(request, milliseconds=1_300)

    assert (response.status, response.json["model"]) == (200, "local/bm25")
