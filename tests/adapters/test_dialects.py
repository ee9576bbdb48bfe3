"""What providers are told of a request's options."""

from __future__ import annotations

from typing import Any

import pytest

from rerank_gateway.adapters import catalogue
from tests.fakes import request

FULL: dict[str, Any] = {
    "top_n": 9,
    "max_tokens_per_doc": 256,
    "priority": 3,
    "instruction": "Prefer the newest.",
    "user": "u-1",
    "truncate": "start",
}


def said(name: str, **changes: Any) -> dict[str, Any]:
    """What the provider is told beside query, documents and model."""
    question = catalogue.provider(name).dialect.phrase(request(**changes), "m")

    return {key: value for key, value in question.items() if key not in ("query", "documents", "texts", "model")}


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("cohere", {"top_n": 3, "max_tokens_per_doc": 256, "priority": 3}),
        ("jina", {"top_n": 3, "return_documents": False, "truncation": True}),
        ("voyage", {"top_k": 3, "return_documents": False, "truncation": True}),
        (
            "vllm",
            {
                "top_n": 3,
                "max_tokens_per_doc": 256,
                "priority": 3,
                "instruction": "Prefer the newest.",
                "user": "u-1",
                "truncate_prompt_tokens": -1,
                "truncation_side": "left",
            },
        ),
        ("tei", {"return_text": False, "truncate": True, "truncation_direction": "left"}),
    ],
)
def test_each_provider_is_told_what_it_has_a_word_for(name: str, expected: dict[str, Any]) -> None:
    """
    Options travel under the provider's own names, and only where it has one; top_n never exceeds the documents.
    """
    assert said(name, **FULL) == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("cohere", {}),
        ("jina", {"return_documents": False, "truncation": False}),
        ("voyage", {"return_documents": False, "truncation": False}),
        ("vllm", {}),
        ("tei", {"return_text": False, "truncate": False, "truncation_direction": "right"}),
    ],
)
def test_truncate_none_asks_for_an_error_rather_than_a_cut(name: str, expected: dict[str, Any]) -> None:
    """
    `"truncate": "none"` is said wherever cutting is the provider's habit.
    """
    assert said(name, truncate="none") == expected


def test_voyage_reads_an_instruction_before_the_query() -> None:
    """
    Voyage has no field for it; its documentation puts it into the query.
    """
    question = catalogue.provider("voyage").dialect.phrase(request(instruction="Prefer the newest."), "m")

    assert question["query"] == "Prefer the newest.\nwhich one?"


@pytest.mark.parametrize("name", catalogue.NAMES)
def test_extra_body_goes_along_but_overwrites_nothing(name: str) -> None:
    """
    A caller can use what only one provider has, and cannot take over a field that the gateway has a word for.
    """
    dialect = catalogue.provider(name).dialect
    ours = {"model", "query", dialect.documents, *dialect.words.values(), *dialect.constants}

    question = dialect.phrase(request(extra_body=dict.fromkeys([*ours, "rank_fields"], "theirs")), "m")

    assert question["rank_fields"] == "theirs"
    assert "theirs" not in [question.get(word) for word in ours]
