"""What a document says, a row each: the fact in words, what is sent, and what must come back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from tests.upstream import Answer, says

Cases = Mapping[str, tuple[Any, ...]]


def each(names: str | tuple[str, ...], cases: Cases) -> pytest.MarkDecorator:
    """One test for each of *cases*, named by the fact that it checks."""
    return pytest.mark.parametrize(names, [pytest.param(*values, id=fact) for fact, values in cases.items()])


def contains(found: Any, said: Any) -> bool:
    """Whether *found* has all that is *said*: of objects, more keys may be there; a type stands for any value of it."""
    if isinstance(said, type):
        return isinstance(found, said) and (said is bool or not isinstance(found, bool))
    if isinstance(said, dict):
        return isinstance(found, dict) and all(name in found and contains(found[name], said[name]) for name in said)
    if isinstance(said, list):
        return isinstance(found, list) and len(found) == len(said) and all(map(contains, found, said))

    return bool(found == said)


def scored(*results: tuple[int, float], tokens: int = 0) -> Answer:
    """Cohere's reply with these *results*, each an index and its score, and so many *tokens* of input."""
    rows = [{"index": index, "relevance_score": score} for index, score in results]

    return says({"results": rows, "meta": {"tokens": {"input_tokens": tokens, "output_tokens": 0}}})
