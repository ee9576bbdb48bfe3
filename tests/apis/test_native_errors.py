"""What the native API refuses, and how it says so."""

from __future__ import annotations

import json
from typing import Any

import pytest

from rerank_gateway.apis import native
from tests.apis.native_bodies import LEAST, error_about, parsed, without


@pytest.mark.parametrize(
    ("field", "message", "empty"),
    [
        ("query", "query is required for rerank", ["", " \n\t", None]),
        ("documents", "documents are required for rerank", [[], None]),
    ],
)
def test_a_field_that_must_be_there_is_named_in_the_agreed_words(field: str, message: str, empty: list[Any]) -> None:
    """
    Missing, null and empty are the same, and the message is exactly the one that callers know.
    """
    for body in (without(field), *({**LEAST, field: value} for value in empty)):
        error = error_about(body)

        assert (error.message, error.param) == (message, field)


def test_a_blank_model_is_a_missing_one() -> None:
    """
    None at all may mean the operator's `default`, which is known when the request is authorized.
    """
    messages = {error_about({**LEAST, "model": blank}).message for blank in ("", "  ")}

    assert messages == {"model is required"}
    assert parsed(model=None).model == native.parse(json.dumps(without("model")).encode())[0].model == ""


@pytest.mark.parametrize("document", [{}, {"text": ""}, {"text": " "}, {"text": None}, {"text": 5}, {"title": "t"}])
def test_an_object_without_text_is_named_by_its_place(document: Any) -> None:
    """
    The index tells which of a thousand documents lacks its text.
    """
    error = error_about({**LEAST, "documents": ["a", document]})

    assert error.message == "document text is required for rerank at index 1"
    assert error.param == "documents[1]"


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("top_n", 0, "top_n must be at least 1"),
        ("top_n", -3, "top_n must be at least 1"),
        ("top_n", 1.5, "top_n must be an integer"),
        ("top_n", "two", "top_n must be an integer"),
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
        (
            "load_balancer",
            {"models": [{"model": "a/b", "weight": 1e308}, {"model": "c/d", "weight": 1e308}]},
            "load_balancer.models must have weights with a finite sum",
        ),
        ("fallbacks", [{"provider": "cohere"}], "fallbacks[0] must be a string"),
        ("fallbacks", [{"provider": 5, "model": "m"}], "fallbacks[0] must be a string"),
        ("load_balancer", {"models": [{"weight": 1}]}, "load_balancer.models[0].model is required"),
        ("cache", {"ttl": 0}, "cache.ttl must be at least 1"),
        ("provider", {"order": "cohere"}, "provider.order must be a list"),
        ("extra_body", [1], "extra_body must be an object"),
        ("metadata", "m", "metadata must be an object, or a list of strings, one for each document"),
        ("user", 7, "user must be a string"),
        ("rank_fields", [1], "rank_fields[0] must be a string"),
    ],
)
def test_a_wrong_field_is_named(field: str, value: Any, message: str) -> None:
    """
    The message begins with the path of the field and says what it should have been.
    """
    error = error_about({**LEAST, field: value})

    assert error.message == message
    assert error.param
    assert error.message.startswith(error.param.partition("[")[0])


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"null", b'"x"', b"\xff", b"[" * 9999, b'{"a": "\\ud800"}'])
def test_what_is_no_json_object_is_refused(body: bytes) -> None:
    """
    A body of another kind is a bad request and says so.
    """
    assert error_about(body).message.startswith("the body must be a JSON object")


def test_an_error_does_not_quote_the_body() -> None:
    """
    What a caller sent stays out of messages, causes and so of logs.
    """
    error = error_about({**LEAST, "query": ["a secret"], "documents": [{"text": "another"}]})

    assert "secret" not in repr(error)
    assert error.__cause__ is None


def test_metadata_has_a_hundred_names_at_most() -> None:
    """
    The hundredth is still taken.
    """
    names = {f"name{number}": "" for number in range(100)}

    assert len(parsed(metadata=names).metadata or ()) == 100
    assert error_about({**LEAST, "metadata": {**names, "one more": ""}}).param == "metadata"
