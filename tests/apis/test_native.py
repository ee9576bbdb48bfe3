"""What the native API reads, what it refuses and how it says so."""

from __future__ import annotations

import json
from typing import Any

import pytest

from rerank_gateway.apis import native
from rerank_gateway.domain.errors import InvalidRequest
from rerank_gateway.domain.request import RerankRequest, WeightedModel
from rerank_gateway.domain.retry import RetryPolicy
from rerank_gateway.domain.routing.preferences import Preferences

LEAST = {"model": "local/bm25", "query": "q", "documents": ["a", "b", "c"]}


def parsed(**changes: Any) -> RerankRequest:
    return native.parse(json.dumps({**LEAST, **changes}).encode())[0]


def ignored(**changes: Any) -> list[str]:
    return native.parse(json.dumps({**LEAST, **changes}).encode())[1]


def complaint(body: Any) -> InvalidRequest:
    with pytest.raises(InvalidRequest) as refused:
        native.parse(body if isinstance(body, bytes) else json.dumps(body).encode())

    return refused.value


def without(name: str) -> dict[str, Any]:
    return {key: value for key, value in LEAST.items() if key != name}


@pytest.mark.parametrize(
    ("field", "message", "empty"),
    [
        ("model", "model is required", ["", "  ", None]),
        ("query", "query is required for rerank", ["", " \n\t", None]),
        ("documents", "documents are required for rerank", [[], None]),
    ],
)
def test_a_field_that_must_be_there_is_named_in_the_agreed_words(field: str, message: str, empty: list[Any]) -> None:
    """
    Missing, null and empty are the same, and the message is exactly the one that callers know.
    """
    for body in (without(field), *({**LEAST, field: value} for value in empty)):
        told = complaint(body)

        assert (told.message, told.param) == (message, field)


def test_a_string_may_be_empty() -> None:
    """
    Real collections have empty documents; they rank last rather than fail everyone.
    """
    assert parsed(documents=["a", "", " "]).texts == ["a", "", " "]


@pytest.mark.parametrize("document", [{}, {"text": ""}, {"text": " "}, {"text": None}, {"text": 5}, {"title": "t"}])
def test_an_object_without_text_is_named_by_its_place(document: Any) -> None:
    """
    The index tells which of a thousand documents lacks its text.
    """
    told = complaint({**LEAST, "documents": ["a", document]})

    assert told.message == "document text is required for rerank at index 1"
    assert told.param == "documents[1]"


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("top_n", 0, "top_n must be at least 1"),
        ("top_n", -3, "top_n must be at least 1"),
        ("top_n", 1.5, "top_n must be an integer"),
        ("top_n", "2", "top_n must be an integer"),
        ("top_n", True, "top_n must be an integer"),
        ("model", 5, "model must be a string"),
        ("query", ["q"], "query must be a string"),
        ("documents", "a", "documents must be a list"),
        ("documents", {"0": "a"}, "documents must be a list"),
        ("documents", ["a", 5], "documents[1] must be a string or an object"),
        ("documents", [None], "documents[0] must be a string or an object"),
        ("return_documents", "yes", "return_documents must be true or false"),
        ("max_tokens_per_doc", 0, "max_tokens_per_doc must be at least 1"),
        ("truncate", "middle", "truncate must be 'none', 'start' or 'end'"),
        ("fallbacks", "a/b", "fallbacks must be a list"),
        ("fallbacks", [{"name": "a/b"}], "fallbacks[0] must be a string"),
        ("fallbacks", ["a/b", " "], "fallbacks[1] must not be blank"),
        ("retry", 3, "retry must be an object"),
        ("retry", {"count": 6}, "retry.count must be at most 5"),
        ("retry", {"on_codes": [429, 42]}, "retry.on_codes[1] must be at least 400"),
        ("timeout", {"call_timeout": 0}, "timeout.call_timeout must be more than 0"),
        ("load_balancer", {"models": []}, "load_balancer.models must not be empty"),
        (
            "load_balancer",
            {"type": "sticky", "models": [{"model": "a/b"}]},
            "load_balancer.type must be 'weight_based'",
        ),
        (
            "load_balancer",
            {"models": [{"model": "a/b", "weight": 0}]},
            "load_balancer.models must have a weight above 0 among them",
        ),
        ("load_balancer", {"models": [{"weight": 1}]}, "load_balancer.models[0].model is required"),
        ("cache", {"ttl": 0}, "cache.ttl must be at least 1"),
        ("provider", {"order": "cohere"}, "provider.order must be a list"),
        ("extra_body", [1], "extra_body must be an object"),
        ("metadata", "m", "metadata must be an object"),
        ("user", 7, "user must be a string"),
        ("rank_fields", [1], "rank_fields[0] must be a string"),
    ],
)
def test_a_wrong_field_is_named(field: str, value: Any, message: str) -> None:
    """
    The message begins with the path of the field and says what it should have been.
    """
    told = complaint({**LEAST, field: value})

    assert told.message == message
    assert told.param
    assert told.message.startswith(told.param.partition("[")[0])


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"null", b'"x"', b"\xff", b"[" * 9999, b'{"a": "\\ud800"}'])
def test_what_is_no_json_object_is_refused(body: bytes) -> None:
    """
    A body of another kind is a bad request and says so.
    """
    assert complaint(body).message.startswith("the body must be a JSON object")


def test_a_complaint_does_not_quote_the_body() -> None:
    """
    What a caller sent stays out of messages, causes and so of logs.
    """
    told = complaint({**LEAST, "query": ["a secret"], "documents": [{"text": "another"}]})

    assert "secret" not in repr(told)
    assert told.__cause__ is None


def test_null_counts_as_absent() -> None:
    """
    Several clients send every option, most of them null.
    """
    nothing = dict.fromkeys([*native.RerankBody.model_fields.keys() - LEAST.keys(), "anything"], None)

    assert parsed(**nothing) == parsed()
    assert ignored(**nothing) == []


def test_whole_floats_are_integers() -> None:
    """
    Python clients of other gateways send 2.0 for 2.
    """
    asked = parsed(top_n=2.0, retry={"count": 2.0, "on_codes": [429.0]}, timeout={"call_timeout": 30000.0})

    assert (asked.top_n, asked.retry, asked.call_timeout) == (2, RetryPolicy(2, frozenset({429})), 30.0)


def test_top_n_above_the_number_of_documents_means_all() -> None:
    """
    Some clients always send 10.
    """
    assert parsed(top_n=10).result_count == 3


def test_the_other_names_of_fields_are_understood() -> None:
    """
    `top_k` and `max_tokens_per_document` are what some clients say.
    """
    asked = parsed(top_k=2, max_tokens_per_document=128)

    assert (asked.top_n, asked.max_tokens_per_doc) == (2, 128)


def test_fallbacks_are_names_or_objects() -> None:
    """
    Bifrost has strings, orq.ai has objects.
    """
    assert parsed(fallbacks=["a/b", {"model": "c/d"}]).fallbacks == ("a/b", "c/d")


def test_a_retry_without_a_count_means_three() -> None:
    """
    Whoever says `retry` at all wants some.
    """
    assert parsed().retry.count == 0
    assert parsed(retry={}).retry.count == 3
    assert parsed(retry={"count": 0}).retry.count == 0


def test_the_load_balancers_shares_keep_their_weights() -> None:
    """
    A weight that is left out is 1.
    """
    models = [{"model": "a/b", "weight": 0.7}, {"model": "c/d"}]

    assert parsed(load_balancer={"type": "weight_based", "models": models}).load_balancer == (
        WeightedModel("a/b", 0.7),
        WeightedModel("c/d", 1.0),
    )


def test_objects_are_ranked_by_their_text() -> None:
    """
    Both document forms may come in one request.
    """
    asked = parsed(documents=["a", {"text": "b", "id": 7, "title": "t"}])

    assert asked.texts == ["a", "b"]


def test_rank_fields_pick_what_is_ranked() -> None:
    """
    One field stands alone, several are lines of `name: value`; what a document lacks is left out.
    """
    documents = [{"title": "T", "body": "B", "n": 3}, {"body": "C"}]

    assert parsed(documents=documents, rank_fields=["body"]).texts == ["B", "C"]
    assert parsed(documents=documents, rank_fields=["title", "body", "n"]).texts == [
        "title: T\nbody: B\nn: 3",
        "body: C",
    ]


def test_unknown_fields_are_ignored_and_named() -> None:
    """
    A typo is seen, also inside an object; a name that cannot stand in a header is not repeated.
    """
    names = ignored(tpo_n=3, retry={"cuont": 1}, **{"x\r\nset-cookie: a": 1})

    assert names == ["tpo_n", "?", "retry.cuont"]


def test_a_cache_and_preferences_are_understood() -> None:
    """
    `cache` is a time to live, and `provider` says who is to be asked, in any case of letters.
    """
    result_count = parsed(
        cache={"type": "exact_match", "ttl": 60.0},
        provider={"order": ["Jina"], "only": ["jina", "cohere/rerank-v3.5"], "ignore": [], "sort": {"by": "price"}},
    )

    assert result_count.cache_ttl == 60
    assert result_count.preferences == Preferences(order=("jina",), only=("jina", "cohere/rerank-v3.5"), sort="price")
    assert parsed(cache={"type": "exact_match"}).cache_ttl == 1800
    assert parsed().cache_ttl is None
    assert parsed(provider={"sort": "throughput", "allow_fallbacks": False}).preferences == Preferences(
        allow_fallbacks=False, sort="latency"
    )
