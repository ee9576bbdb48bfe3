"""The cache, from the event to the response."""

from __future__ import annotations

from typing import Any

from rerank_gateway.domain.keys import hash_of_token
from tests.functions.apis import post
from tests.functions.conftest import Configure
from tests.functions.gateway import Response, rerank
from tests.functions.rankers import ranker
from tests.functions.targets import pointed_at
from tests.tables import cache_table, keys_table

CACHE = {"type": "exact_match", "ttl": 60}


def state(response: Response) -> str | None:
    return response.headers.get("x-gateway-cache")


def test_the_same_request_is_sent_once(configure: Configure) -> None:
    """
    The second answer is a hit, says so, costs nothing, and has the documents of its own request.
    """
    with ranker() as provider:
        configure(**pointed_at(provider))

        first = rerank(model="cohere/rerank-v3.5", cache=CACHE)
        second = rerank(model="cohere/rerank-v3.5", cache=CACHE, return_documents=True)

    assert (state(first), state(second)) == ("miss", "hit")
    assert [answer.json["extra_fields"]["cache_hit"] for answer in (first, second)] == [False, True]
    assert [row["index"] for row in second.json["results"]] == [row["index"] for row in first.json["results"]]
    assert second.json["results"][0]["document"] == {"text": "green apples"}
    assert (first.headers["x-rerank-cost"], second.headers["x-rerank-cost"]) == ("0.002", "0")
    assert second.json["extra_fields"]["attempts"] == []
    assert len(provider.requests) == 1


def test_a_request_without_a_cache_has_none(configure: Configure) -> None:
    """
    Neither a header nor a hit, though the answer is known.
    """
    with ranker() as provider:
        configure(**pointed_at(provider))
        rerank(model="tei/m", cache=CACHE)

        response = rerank(model="tei/m")

    assert state(response) is None
    assert response.json["extra_fields"]["cache_hit"] is False
    assert len(provider.requests) == 2


def test_another_environment_finds_the_answer_in_the_table(embedded_aws: Any, configure: Configure) -> None:
    """
    An answer that one of them cached serves all, but no other key.
    """
    cache_table(embedded_aws)
    keys_table(embedded_aws)
    item = {"key_hash": {"S": hash_of_token("sk-b")}, "id": {"S": "b"}, "models": {"SS": ["*"]}}
    embedded_aws("dynamodb").put_item(TableName="keys", Item=item)

    with ranker() as provider:
        configure(**pointed_at(provider), CACHE_TABLE="cache", KEYS_TABLE="keys")
        first = rerank(model="tei/m", cache=CACHE)
        configure()
        second = rerank(model="tei/m", cache=CACHE)
        other = rerank(model="tei/m", cache=CACHE, headers={"authorization": "Bearer sk-b"})

    assert [state(response) for response in (first, second, other)] == ["miss", "hit", "miss"]
    assert first.json["results"] == second.json["results"]
    assert len(provider.requests) == 2


def test_the_loss_of_the_table_fails_no_request(embedded_aws: Any, configure: Configure) -> None:
    """
    What this environment has cached is a hit still; the rest is ranked anew, and cached here.
    """
    cache_table(embedded_aws)

    with ranker() as provider:
        configure(**pointed_at(provider), CACHE_TABLE="cache")
        rerank(model="tei/m", cache=CACHE)
        embedded_aws("dynamodb").delete_table(TableName="cache")
        answers = [rerank(model="tei/m", query=query, cache=CACHE) for query in ("green apples", "pears", "pears")]

    assert [response.status for response in answers] == [200, 200, 200]
    assert [state(response) for response in answers] == ["hit", "unavailable", "hit"]
    assert len(provider.requests) == 2


def test_orq_has_its_cache(configure: Configure) -> None:
    """
    At the top of the body or under `orq`, and its TTL may be left out.
    """
    with ranker() as provider:
        configure(**pointed_at(provider))

        first = post("orq", model="tei/m", cache={"type": "exact_match"}, orq={})
        second = post("orq", model="tei/m", orq={"cache": {"type": "exact_match", "ttl": 60}})

    assert (state(first), state(second)) == ("miss", "hit")
    assert first.json["results"] == second.json["results"]
    assert len(provider.requests) == 1
