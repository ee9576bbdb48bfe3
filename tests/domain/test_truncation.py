"""Texts that are longer than anyone wants to read."""

from __future__ import annotations

from typing import Any, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rerank_gateway.domain.errors import TargetRefused
from rerank_gateway.domain.limits.truncation import follows_truncate, truncate_texts
from rerank_gateway.domain.profile import Limits, Profile
from tests.fakes import NOTHING_SPECIAL, REQUEST, request_of

LONG = "0123456789"
SHORT_OF_BREATH = Profile(Limits(length=4))


@pytest.mark.parametrize(("truncate", "kept"), [(None, "0123"), ("end", "0123"), ("start", "6789")])
def test_a_text_is_cut_to_what_the_target_takes(truncate: Any, kept: str) -> None:
    """
    At its end, unless the caller would rather lose the beginning. Short ones stay as they are.
    """
    assert list(truncate_texts(request_of([LONG, "ab"], truncate=truncate), SHORT_OF_BREATH).texts) == [kept, "ab"]


@pytest.mark.parametrize(("truncate", "kept"), [(None, "01234567"), ("end", "01234567"), ("start", "23456789")])
def test_a_text_is_cut_to_as_many_tokens_as_the_caller_wants_read(truncate: Any, kept: str) -> None:
    """
    A target that cannot be told gets no more; a token is about four bytes.
    """
    asked = request_of([LONG, "ab"], truncate=truncate, max_tokens_per_doc=2)

    assert list(truncate_texts(asked, NOTHING_SPECIAL).texts) == [kept, "ab"]


def test_a_target_that_counts_tokens_itself_gets_the_whole_text() -> None:
    """
    It counts better than we do.
    """
    asked = request_of([LONG], max_tokens_per_doc=2)

    assert truncate_texts(asked, Profile(truncates=True)) is asked


COUNTS_TOKENS = Profile(truncates=True)
READS_TWO_TOKENS = Profile(truncates=True, default_tokens=2)


@pytest.mark.parametrize(
    ("profile", "changes"), [(COUNTS_TOKENS, {"max_tokens_per_doc": 2}), (READS_TWO_TOKENS, {})], ids=["told", "known"]
)
def test_the_end_is_kept_here_where_the_target_would_keep_the_beginning(
    profile: Profile, changes: dict[str, Any]
) -> None:
    """
    A target that has nothing but a number of tokens truncates at the end, whatever the caller wants.
    """
    assert list(truncate_texts(request_of([LONG, "ab"], truncate="start", **changes), profile).texts) == [
        "23456789",
        "ab",
    ]
    assert list(truncate_texts(request_of([LONG, "ab"], truncate="end", **changes), profile).texts) == [LONG, "ab"]


@pytest.mark.parametrize(
    ("profile", "changes", "followed"),
    [
        (NOTHING_SPECIAL, {}, True),
        (NOTHING_SPECIAL, {"truncate": "end"}, True),
        (NOTHING_SPECIAL, {"truncate": "start"}, False),
        (NOTHING_SPECIAL, {"truncate": "none"}, False),
        (NOTHING_SPECIAL, {"truncate": "none", "max_tokens_per_doc": 2}, True),
        (COUNTS_TOKENS, {"truncate": "start", "max_tokens_per_doc": 2}, True),
        (READS_TWO_TOKENS, {"truncate": "start"}, True),
        (Profile(truncation=frozenset(("none",))), {"truncate": "none"}, True),
        (Profile(truncation=frozenset(("none",))), {"truncate": "end"}, False),
        (Profile(truncation=frozenset(("none",))), {"truncate": "end", "max_tokens_per_doc": 2}, True),
    ],
)
def test_whether_a_wish_is_followed_is_known(profile: Profile, changes: dict[str, Any], followed: bool) -> None:
    """
    By the target itself, or here where a number of tokens is known; else the caller must hear of it.
    """
    assert follows_truncate(request_of(["ab"], **changes), profile) is followed


@pytest.mark.parametrize("asked", [REQUEST, request_of(["abcd"], truncate="none")])
def test_what_is_short_enough_is_not_touched(asked: Any) -> None:
    """
    Nothing is copied, and nobody who wants nothing cut is refused.
    """
    assert truncate_texts(asked, Profile(Limits(length=10))) is asked


@pytest.mark.parametrize(
    ("profile", "changes"),
    [
        (SHORT_OF_BREATH, {}),
        (NOTHING_SPECIAL, {"max_tokens_per_doc": 2}),
        (COUNTS_TOKENS, {"max_tokens_per_doc": 2}),
        (READS_TWO_TOKENS, {}),
    ],
    ids=["length", "tokens", "tokens that it counts itself", "tokens that it reads"],
)
def test_who_wants_nothing_cut_is_refused(profile: Profile, changes: dict[str, Any]) -> None:
    """
    With `truncate: none` a text that is too long is the caller's own mistake, as it is with providers who say so.
    """
    with pytest.raises(TargetRefused, match="too long") as refused:
        truncate_texts(request_of([LONG], truncate="none", **changes), profile)

    assert refused.value.status_code == 400


def test_the_callers_own_documents_stay_whole() -> None:
    """
    They go back to the caller as they came.
    """
    assert truncate_texts(request_of([LONG]), SHORT_OF_BREATH).documents == [LONG]


texts = st.lists(st.text(max_size=30) | st.text("aé€😀", max_size=30), min_size=1, max_size=5)


@given(texts=texts, most=st.integers(1, 20), truncate=st.sampled_from([None, "start", "end"]))
def test_cutting_by_length_keeps_the_right_end(
    texts: list[str], most: int, truncate: Literal["start", "end"] | None
) -> None:
    """
    No text is longer than the limit, none is shorter than it must be, and each is the beginning or end of what it was.
    """
    found = truncate_texts(request_of(texts, truncate=truncate), Profile(Limits(length=most))).texts

    for before, after in zip(texts, found, strict=True):
        assert len(after) == min(len(before), most)
        assert before.endswith(after) if truncate == "start" else before.startswith(after)


@given(texts=texts, tokens=st.integers(1, 12), truncate=st.sampled_from([None, "start", "end"]))
def test_cutting_by_tokens_keeps_the_right_end(
    texts: list[str], tokens: int, truncate: Literal["start", "end"] | None
) -> None:
    """
    No text has more bytes than the limit, and at most one character that would have fitted in part is lost.
    """
    found = truncate_texts(request_of(texts, truncate=truncate, max_tokens_per_doc=tokens), NOTHING_SPECIAL).texts

    for before, after in zip(texts, found, strict=True):
        room = tokens * 4 - len(after.encode())
        assert room >= 0
        assert after == before or room < 4
        assert before.endswith(after) if truncate == "start" else before.startswith(after)
