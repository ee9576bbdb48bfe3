"""More than one way to ask, from the event to the reply, with providers on loopback."""

from __future__ import annotations

import json
from typing import Any

import pytest

from rerank_gateway.domain.keys import hash_of_token
from tests.functions.conftest import Configure
from tests.functions.gateway import Answered, event, invoke, rerank
from tests.functions.rankers import Ranker, ranker
from tests.tables import cache_table, keys_table
from tests.upstream import says, upstream

CACHE = {"type": "exact_match", "ttl": 60}


def configuration(cohere: str, tei: str, alias: str = "", tei_has: str = "") -> str:
    """Two providers, and an alias `both` of theirs that has more lines in it."""
    return f"""
        [aliases.both]
        targets = ["cohere/rerank-v3.5", "tei/m"]
        {alias}
        [providers.cohere]
        url = "{cohere}"
        [providers.tei]
        url = "{tei}"
        {tei_has}
    """


def pointed_at(only: Ranker, alias: str = "", tei_has: str = "") -> dict[str, str]:
    return {"GATEWAY_CONFIG": configuration(only.url, only.url, alias, tei_has), "COHERE_API_KEY": "k"}


def post(name: str, **changes: Any) -> Answered:
    """events/NAME.json with *changes* to its body."""
    sent = event(name)
    sent["body"] = json.dumps(json.loads(sent["body"]) | changes)

    return invoke(sent)


def state(answered: Answered) -> str | None:
    return answered.headers.get("x-gateway-cache")


def tried(answered: Answered) -> list[tuple[str, int]]:
    return [(attempt["target"], attempt["status_code"]) for attempt in answered.json["extra_fields"]["attempts"]]


def test_the_same_question_is_not_asked_twice(configure: Configure) -> None:
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
    assert len(provider.questions) == 1


def test_who_does_not_ask_for_a_cache_hears_of_none(configure: Configure) -> None:
    """
    Neither a header nor a hit, though the answer is known.
    """
    with ranker() as provider:
        configure(**pointed_at(provider))
        rerank(model="tei/m", cache=CACHE)

        answered = rerank(model="tei/m")

    assert state(answered) is None
    assert answered.json["extra_fields"]["cache_hit"] is False
    assert len(provider.questions) == 2


def test_another_environment_finds_the_answer_in_the_table(embedded_aws: Any, configure: Configure) -> None:
    """
    What one of them was answered serves all, but no other key.
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

    assert [state(answered) for answered in (first, second, other)] == ["miss", "hit", "miss"]
    assert first.json["results"] == second.json["results"]
    assert len(provider.questions) == 2


def test_the_loss_of_the_table_fails_no_request(embedded_aws: Any, configure: Configure) -> None:
    """
    What is known here is a hit still; the rest is asked for, and remembered here.
    """
    cache_table(embedded_aws)

    with ranker() as provider:
        configure(**pointed_at(provider), CACHE_TABLE="cache")
        rerank(model="tei/m", cache=CACHE)
        embedded_aws("dynamodb").delete_table(TableName="cache")
        answers = [rerank(model="tei/m", query=query, cache=CACHE) for query in ("green apples", "pears", "pears")]

    assert [answered.status for answered in answers] == [200, 200, 200]
    assert [state(answered) for answered in answers] == ["hit", "unavailable", "hit"]
    assert len(provider.questions) == 2


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
    assert len(provider.questions) == 1


def test_more_documents_than_a_server_takes_are_one_ranking(configure: Configure) -> None:
    """
    TEI takes 32 at a time: 70 are three questions, side by side, one attempt and one answer.
    """
    documents = ["x" * (1 + number * 37 % 70) for number in range(70)]

    with ranker(lambda text: len(text) / 100) as provider:
        configure(**pointed_at(provider))
        answered = rerank(model="tei/m", documents=documents, top_n=50)

    assert sorted(len(question["texts"]) for question in provider.questions) == [6, 32, 32]
    assert [row["index"] for row in answered.json["results"]] == sorted(
        range(70), key=lambda index: -len(documents[index])
    )[:50]
    assert [attempt["parts"] for attempt in answered.json["extra_fields"]["attempts"]] == [3]


def test_a_server_is_asked_as_much_at_a_time_as_the_operator_says(configure: Configure) -> None:
    """
    With `max_parallel = 1` the parts of a request stand in line.
    """
    with ranker() as provider:
        configure(**pointed_at(provider, tei_has="max_parallel = 1"))
        answered = rerank(model="tei/m", documents=["x" * number for number in range(200)])

    assert answered.status == 200
    assert (len(provider.questions), provider.most) == (7, 1)


def test_a_hedge_answers_for_a_silent_provider(configure: Configure) -> None:
    """
    The caller waits for as long as the alias says, and hears who was overtaken.
    """
    with ranker(silent=True) as silent, ranker() as ready:
        config = configuration(silent.url, ready.url, alias="hedge_after_ms = 50")
        configure(GATEWAY_CONFIG=config, COHERE_API_KEY="k")
        answered = rerank(model="both")

    assert tried(answered) == [("cohere/rerank-v3.5", 499), ("tei/m", 200)]
    assert answered.json["extra_fields"]["attempts"][0]["error"] == "provider_overtaken"
    assert answered.json["extra_fields"]["provider"] == "tei"
    assert len(silent.questions) == len(ready.questions) == 1


def test_several_rankings_become_one(configure: Configure) -> None:
    """
    With `fuse = "rrf"` both are asked, and the scores are those of the fusion.
    """
    with ranker() as short, ranker(lambda text: -float(len(text))) as long:
        configure(GATEWAY_CONFIG=configuration(short.url, long.url, alias='fuse = "rrf"'), COHERE_API_KEY="k")
        answered = rerank(model="both", documents=["a", "bb", "ccc"], top_n=2)

    # Third and first beat second and second.
    rows = answered.json["results"]
    assert tried(answered) == [("cohere/rerank-v3.5", 200), ("tei/m", 200)]
    assert [row["index"] for row in rows] == [0, 2]
    assert [row["relevance_score"] for row in rows] == [pytest.approx(1 / 61 + 1 / 63)] * 2
    assert answered.json["extra_fields"]["scores"] == "rrf"


def test_a_member_that_fails_is_left_out(configure: Configure) -> None:
    """
    The fusion is what the others say.
    """
    with upstream(says({}, 500)) as broken, ranker() as ready:
        configure(GATEWAY_CONFIG=configuration(broken.url, ready.url, alias='fuse = "rrf"'), COHERE_API_KEY="k")
        answered = rerank(model="both")

    assert tried(answered) == [("cohere/rerank-v3.5", 500), ("tei/m", 200)]
    assert answered.json["extra_fields"]["provider"] == "tei"


def test_a_provider_that_is_down_is_passed_over(configure: Configure) -> None:
    """
    After five failures the fallback answers at once, and the provider is left in peace.
    """
    with upstream(says({}, 500)) as broken:
        config = configuration(broken.url, broken.url)
        configure(GATEWAY_CONFIG=f'last_resort = "local/bm25"\n{config}', COHERE_API_KEY="k")
        answers = [rerank(model="cohere/rerank-v3.5") for _ in range(7)]

    assert [answered.status for answered in answers] == [200] * 7
    assert [tried(answered) for answered in answers[5:]] == [[("local/bm25", 200)]] * 2
    assert len(broken.questions) == 5


@pytest.mark.parametrize(
    ("preferences", "provider"),
    [
        ({}, "cohere"),
        ({"order": ["TEI"]}, "tei"),
        ({"only": ["tei"]}, "tei"),
        ({"ignore": ["cohere"]}, "tei"),
        ({"order": ["tei/m", "cohere"], "allow_fallbacks": False}, "tei"),
        ({"sort": "price"}, "cohere"),
    ],
)
def test_callers_of_openrouter_choose_among_the_targets(
    configure: Configure, preferences: dict[str, Any], provider: str
) -> None:
    """
    Their `provider` object means what it means there, over the targets of an alias.
    """
    with ranker() as both:
        configure(**pointed_at(both))

        answered = post("openrouter", model="both", provider=preferences)

    assert (answered.status, answered.json["provider"]) == (200, provider)


def test_callers_of_openrouter_who_leave_nobody_are_told(configure: Configure) -> None:
    """
    A 400 about `provider`, before anyone is asked.
    """
    with ranker() as both:
        configure(**pointed_at(both))

        answered = post("openrouter", model="both", provider={"only": ["voyageai"]})

    assert answered.status == 400
    assert answered.json["error"]["metadata"]["param"] == "provider"
    assert both.questions == []


def test_without_fallbacks_the_failure_is_the_answer(configure: Configure) -> None:
    """
    Neither the alias's other target nor the last resort answers for the one that was chosen.
    """
    with upstream(says({}, 500)) as broken, ranker() as ready:
        config = configuration(broken.url, ready.url)
        configure(GATEWAY_CONFIG=f'last_resort = "local/bm25"\n{config}', COHERE_API_KEY="k")

        answered = rerank(model="both", provider={"allow_fallbacks": False})

    assert answered.status == 502
    assert tried(answered) == [("cohere/rerank-v3.5", 500)]
    assert ready.questions == []
