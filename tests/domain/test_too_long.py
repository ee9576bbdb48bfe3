"""Texts that a provider has refused as too long."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rerank_gateway.domain.errors import TooLong
from rerank_gateway.domain.limits.too_long import shortened
from rerank_gateway.domain.profile import UNLIMITED, Limits
from tests.fakes import request_of

LONG = "0123456789" * 10_000


def lengths(*texts: str, limits: Limits = UNLIMITED, told: TooLong | None = None, **changes: Any) -> list[int]:
    """Those of the texts for the second try."""
    second = shortened(request_of(texts, **changes), limits, told or TooLong())
    assert second is not None

    return [len(text) for text in second.texts]


def test_the_told_limit_counts_before_the_known_one_and_that_before_a_guess() -> None:
    """
    An eighth of it is spared, and the query taken off; a token has three bytes where nobody has counted.
    """
    assert lengths(LONG, "short", query="q" * 12, told=TooLong(8192)) == [7168 * 3 - 12, 5]
    assert lengths(LONG, "short", query="q" * 12, limits=Limits(window=1024)) == [896 * 3 - 12, 5]
    assert lengths(LONG, "short", query="q" * 12) == [448 * 3 - 12, 5]


@pytest.mark.parametrize(
    ("tokens", "bytes_per_token"), [(50_000, 2), (99_990, 1), (200_000, 1), (20_000, 4), (9_000, 4)]
)
def test_counted_tokens_tell_how_dense_a_text_is(tokens: int, bytes_per_token: int) -> None:
    """
    By the longest text; never fewer than one byte, and never more than four.
    """
    [length] = lengths(LONG, query="q" * 10, told=TooLong(8192, tokens))

    assert length == pytest.approx(7168 * bytes_per_token - 10, rel=0.001)


@pytest.mark.parametrize(("truncate", "kept", "told"), [(None, 0, "end"), ("end", 0, "end"), ("start", -1, "start")])
def test_the_right_end_is_kept_and_told(truncate: Any, kept: int, told: str) -> None:
    """
    Who can truncate for itself is told to, at the end that the caller wants cut.
    """
    second = shortened(request_of(["a" + LONG + "b"], truncate=truncate), UNLIMITED, TooLong(512))

    assert second is not None
    assert (second.texts[0][kept], second.truncate) == ("a" if kept == 0 else "b", told)


@pytest.mark.parametrize(
    "changes", [{"truncate": "none"}, {"query": LONG}, {"texts": ["short"]}], ids=["unwanted", "the query", "short"]
)
def test_what_truncation_does_not_mend_is_not_tried_again(changes: dict[str, Any]) -> None:
    """
    Nobody's wish is overruled, no text is cut to nothing, and the same request is not sent twice.
    """
    asked = request_of(changes.pop("texts", [LONG]), **changes)

    assert shortened(asked, UNLIMITED, TooLong(512)) is None


@given(texts=st.lists(st.text(max_size=4_000), min_size=1, max_size=5), limit=st.integers(64, 700))
def test_no_text_is_longer_than_was_told(texts: list[str], limit: int) -> None:
    """
    At no more than three bytes a token, and all that is cut is an end.
    """
    second = shortened(request_of(texts, query="q"), UNLIMITED, TooLong(limit))

    for before, after in zip(texts, second.texts if second else texts, strict=True):
        assert len(after.encode()) <= 3 * limit
        assert before.startswith(after)
