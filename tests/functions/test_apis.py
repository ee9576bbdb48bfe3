"""Every API from its event to its answer: what its clients must find."""

from __future__ import annotations

from typing import Any

import pytest

from tests.functions.apis import NAMES, post, rows

TALL = "The Eiffel Tower is 330 metres tall."


@pytest.mark.parametrize("name", NAMES)
def test_each_event_is_answered_with_the_best_document_first(name: str) -> None:
    """
    One request, nine ways to put it, one ranking.
    """
    response = post(name)

    assert response.status == 200
    assert response.headers["content-type"] == "application/json"
    assert rows(response.json)[0]["index"] == 1
    assert "null" not in response.text


def test_cohere_finds_its_usage_in_meta() -> None:
    """
    Its clients read units and tokens nowhere else; the key must be there even when nothing is known.
    """
    body = post("cohere", return_documents=True).json

    assert body["meta"]["api_version"] == {"version": "2"}
    assert body["meta"]["tokens"] == {"input_tokens": 0, "output_tokens": 0}
    assert body["results"][0]["document"] == {"text": TALL}
    assert "document" not in post("cohere").json["results"][0]


def test_openrouter_always_has_documents_and_a_provider() -> None:
    """
    One of its clients cannot do without either, and cannot ask for them.
    """
    body = post("openrouter").json

    assert body["results"][0]["document"]["text"] == TALL
    assert (body["model"], body["provider"]) == ("local/bm25", "local")
    assert {"total_tokens", "cost"} <= body["usage"].keys()


def test_orq_has_its_literals() -> None:
    """
    Its clients check the word in each row.
    """
    body = post("orq").json

    assert body["object"] == "list"
    assert {row["object"] for row in body["results"]} == {"rerank"}
    assert body["results"][0]["document"] == {"text": TALL}
    assert isinstance(body["usage"]["total_tokens"], int)


def test_orq_steers_from_the_top_or_from_below() -> None:
    """
    What stands under `orq` counts where the top says nothing.
    """
    below = post("orq", model="cohere/m", fallbacks=None, orq={"fallbacks": [{"model": "local/bm25"}]})
    top = post("orq", model="cohere/m", fallbacks=["nobody/m"], orq={"fallbacks": [{"model": "local/bm25"}]})

    assert below.status == 200
    assert top.status == 404


def test_voyage_has_data_and_bare_strings() -> None:
    """
    `data` rather than `results`, and documents as they were sent.
    """
    body = post("voyage", return_documents=True).json

    assert (body["object"], body["data"][0]["document"], body["usage"]["total_tokens"]) == ("list", TALL, 0)
    assert len(body["data"]) == 2


def test_mixedbread_has_its_own_words() -> None:
    """
    `score`, `input`, and its own options once more; no `object` in the rows.
    """
    body = post("mixedbread").json

    assert body["data"][0].keys() == {"index", "score", "input"}
    assert (body["data"][0]["input"], body["top_k"], body["return_input"]) == (TALL, 2, True)


def test_pinecone_counts_units_and_returns_objects() -> None:
    """
    A unit is a hundred documents where nobody counts otherwise.
    """
    body = post("pinecone", return_documents=None).json

    assert body["data"][0].keys() == {"index", "score", "document"}
    assert (body["data"][0]["document"], body["usage"]) == ({"text": TALL}, {"rerank_units": 1})
    assert "document" not in post("pinecone", return_documents=False).json["data"][0]


def test_infinity_has_bare_strings() -> None:
    """
    Where others have objects.
    """
    body = post("infinity").json

    assert (body["object"], body["results"][0]["document"]) == ("rerank", TALL)
    assert isinstance(body["created"], int)


def test_tei_has_a_bare_list_of_all_texts() -> None:
    """
    TEI knows no top_n and no model: `default` ranks, and everything comes back.
    """
    body = post("tei").json

    assert [row.keys() for row in body] == [{"index", "score", "text"}] * 3
    assert (body[0]["text"], "text" in post("tei", return_text=False).json[0]) == (TALL, False)


def test_pinecone_begins_a_unit_with_each_hundred_documents() -> None:
    """
    A hundred are one, one more are two.
    """
    texts = [{"text": f"document {number}"} for number in range(101)]

    assert post("pinecone", documents=texts[:100]).json["usage"] == {"rerank_units": 1}
    assert post("pinecone", documents=texts).json["usage"] == {"rerank_units": 2}


@pytest.mark.parametrize(
    ("name", "changes", "message"),
    [
        ("mixedbread", {"input": []}, "input is required for rerank"),
        ("tei", {"texts": []}, "texts are required for rerank"),
        ("cohere", {"model": None}, "model is required"),
        ("voyage", {"query": " "}, "query is required for rerank"),
        ("rerank", {"load_balancer": {"models": [{"model": "a/m", "weight": 1e999}]}}, "must be finite"),
        ("rerank", {"top_n": 1.5}, "top_n must be an integer"),
        ("rerank", {"return_documents": 1}, "return_documents must be true or false"),
        ("rerank", {"query": 7}, "query must be a string"),
        ("rerank", {"fallbacks": "a/m"}, "fallbacks must be a list"),
        ("rerank", {"cache": True}, "cache must be an object"),
        ("rerank", {"timeout": {"call_timeout": 0}}, "timeout.call_timeout must be more than 0"),
        ("rerank", {"timeout": {"call_timeout": "soon"}}, "timeout.call_timeout must be a number"),
        ("rerank", {"retry": {"count": 6}}, "retry.count must be at most 5"),
        ("rerank", {"fallbacks": ["a/m"] * 51}, "fallbacks must have at most 50 entries"),
        ("rerank", {"metadata": 7}, "metadata must be an object"),
        ("rerank", {"truncate": "middle"}, "truncate must be"),
    ],
)
def test_each_mistake_has_its_message(name: str, changes: dict[str, Any], message: str) -> None:
    """
    In words that name the field, in every API.
    """
    response = post(name, **changes)

    assert response.status in (400, 422)
    assert message in response.text
