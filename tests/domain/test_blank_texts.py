"""Texts in which there is nothing to rank."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rerank_gateway.domain.blank_texts import with_blanks, without_blanks
from rerank_gateway.domain.ranking import Ranking, ScoreKind
from tests.fakes import REQUEST, request, request_of

MIXED = request_of(["", "the first", " \n\t", "the second", "\u3000"])


def test_a_request_without_blank_texts_is_not_touched() -> None:
    """
    As almost all are: nothing is copied.
    """
    rest, kept = without_blanks(REQUEST)

    assert rest is REQUEST
    assert with_blanks(REQUEST, kept, ranking := Ranking(((2, 0.5),))) is ranking


def test_blank_texts_are_left_out() -> None:
    """
    What remains are the others, with their documents, and where they stood.
    """
    rest, kept = without_blanks(MIXED)

    assert (list(rest.texts), list(rest.documents)) == (["the first", "the second"],) * 2
    assert kept == (1, 3)


def test_a_blank_text_with_an_image_is_not_blank() -> None:
    """
    There is something to see, and it stays with its document.
    """
    rest, kept = without_blanks(request(documents=["", "", "c"], texts=["", "", "c"], images={1: "x"}))

    assert (list(rest.texts), dict(rest.images), kept) == (["", "c"], {0: "x"}, (1, 2))


@pytest.mark.parametrize(
    ("kind", "scores", "lowest"),
    [
        ("probability", (0.9, 0.2), 0.0),
        ("normalized", (0.9, 0.2), 0.0),
        ("rrf", (0.03, 0.02), 0.0),
        ("logit", (4.0, -7.5), -7.5),
        ("logit", (4.0, 2.5), 0.0),
    ],
)
def test_blank_texts_come_last(kind: ScoreKind, scores: tuple[float, float], lowest: float) -> None:
    """
    With the lowest score there is, in their own order.
    """
    _, kept = without_blanks(MIXED)

    ranking = with_blanks(MIXED, kept, Ranking(((1, scores[0]), (0, scores[1])), kind))

    assert ranking.results == ((3, scores[0]), (1, scores[1]), (0, lowest), (2, lowest), (4, lowest))
    assert ranking.kind == kind


@given(
    texts=st.lists(st.sampled_from(["", " ", "a", "b"]), min_size=1, max_size=12), top_n=st.none() | st.integers(1, 9)
)
def test_every_document_has_its_place(texts: list[str], top_n: int | None) -> None:
    """
    As many results as were wanted, no document twice, and no blank one before another.
    """
    asked = request_of(texts, top_n=top_n)
    rest, kept = without_blanks(asked)
    ranked = Ranking.of(rest, [(index, 0.5) for index in range(len(rest.texts))])

    results = with_blanks(asked, kept, ranked).results

    found = [bool(texts[index].strip()) for index, _ in results]
    assert len({index for index, _ in results}) == len(results) == asked.result_count
    assert found == sorted(found, reverse=True)
    assert found.count(True) == min(len(kept), asked.result_count)
