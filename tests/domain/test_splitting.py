"""Requests in parts, and the rankings of the parts in one."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rerank_gateway.domain.errors import TargetRefused
from rerank_gateway.domain.limits.measures import measures
from rerank_gateway.domain.limits.splitting import Part, merge, split
from rerank_gateway.domain.profile import Limits, Profile
from rerank_gateway.domain.ranking import Ranking
from rerank_gateway.domain.request import RerankRequest
from tests.fakes import REQUEST, request, request_of


def sizes(parts: Any) -> list[int]:
    return [len(part.request.texts) for part in parts]


@pytest.mark.parametrize(
    ("documents", "limit", "parts"), [(70, 32, [32, 32, 6]), (64, 32, [32, 32]), (33, 32, [32, 1]), (3, 1, [1, 1, 1])]
)
def test_documents_go_along_as_many_at_a_time_as_a_target_takes(documents: int, limit: int, parts: list[int]) -> None:
    """
    The parts are full, but for the last.
    """
    asked = request_of([f"d{number}" for number in range(documents)])

    found = split(asked, Profile(Limits(documents=limit)))

    assert sizes(found) == parts
    assert [text for part in found for text in part.request.texts] == list(asked.texts)


@pytest.mark.parametrize("limits", [Limits(), Limits(documents=3), Limits(size=1000), Limits(documents=3, size=1000)])
def test_what_fits_is_not_touched(limits: Limits) -> None:
    """
    Most requests take one question.
    """
    assert split(REQUEST, Profile(limits)) == [Part(0, REQUEST)]
    assert split(REQUEST, Profile(limits, pointwise=False)) == [Part(0, REQUEST)]


def test_texts_that_are_too_much_together_go_apart() -> None:
    """
    A part holds as many bytes as a target takes, the query included, counted as they stand in JSON.
    """
    asked = request_of(["aaaa", '"', "é", "b", "a text that is too long for any part"], query="q")

    found = split(asked, Profile(Limits(size=16)))

    # 4 for the query, then 7 + 5, 5 + 4, and what can only be sent as it is.
    assert [list(part.request.texts) for part in found] == [["aaaa", '"'], ["é", "b"], [asked.texts[4]]]


def test_images_count_and_travel_with_their_documents() -> None:
    """
    An image stands under its document's index in the part.
    """
    asked = request_of(["a", "b", "c", "d"], query="q", images={1: "x" * 50, 3: "y"})

    found = split(asked, Profile(Limits(documents=2, size=60)))

    assert [dict(part.request.images) for part in found] == [{}, {0: "x" * 50}, {1: "y"}]
    assert sizes(found) == [1, 1, 2]


def test_a_part_knows_the_documents_themselves() -> None:
    """
    Some providers send more of a document than its text.
    """
    documents = [{"text": "a", "id": 1}, {"text": "b", "id": 2}]

    found = split(request(documents=documents, texts=["a", "b"]), Profile(Limits(documents=1)))

    assert [list(part.request.documents) for part in found] == [documents[:1], documents[1:]]


@pytest.mark.parametrize(
    ("limits", "words"),
    [
        (Limits(documents=2), "at most 2 of them at once"),
        (Limits(size=20), "at most 20 bytes at once"),
        (Limits(documents=100, size=20), "at most 100 of them and 20 bytes at once"),
        (Limits(tokens=5), "at most 5 tokens at once"),
    ],
)
def test_a_model_that_compares_documents_gets_all_or_none(limits: Limits, words: str) -> None:
    """
    The refusal names the limit, so that the caller can keep to it.
    """
    with pytest.raises(TargetRefused, match=words) as refused:
        split(REQUEST, Profile(limits, pointwise=False))

    assert refused.value.status_code == 400


texts = st.lists(st.text(max_size=12), min_size=1, max_size=25)
limits = st.builds(
    Limits,
    documents=st.none() | st.integers(1, 30),
    size=st.none() | st.integers(1, 120),
    images=st.none() | st.integers(1, 5),
    tokens=st.none() | st.integers(1, 40),
    overhead=st.none() | st.integers(0, 20),
)
# Few different ones, so that ties are many.
scores = st.sampled_from([0.0, 0.25, 0.5, 0.75, 1.0]) | st.floats(-10, 10)


@given(texts=texts, limits=limits, images=st.dictionaries(st.integers(0, 24), st.text("ab", max_size=40)))
def test_parts_hold_everything_once_and_keep_to_the_limits(
    texts: list[str], limits: Limits, images: dict[int, str]
) -> None:
    """
    A part that is too large has one document, which nobody can make smaller.
    """
    images = {index: image for index, image in images.items() if index < len(texts)}

    parts = split(request_of(texts, images=images), Profile(limits))

    assert [text for part in parts for text in part.request.texts] == texts
    assert {part.first + at: image for part in parts for at, image in part.request.images.items()} == images
    assert all(size <= (limits.documents or len(texts)) for size in sizes(parts))
    for part in parts:
        assert len(part.request.texts) == 1 or all(measure.is_kept for measure in measures(part.request, limits))


@given(
    scored=st.lists(st.tuples(st.text(max_size=8), scores), min_size=1, max_size=25),
    limits=limits,
    top_n=st.none() | st.integers(1, 30),
    images=st.sets(st.integers(0, 24)),
    kind=st.sampled_from(["probability", "logit", "unknown"]),
)
def test_the_merged_ranking_is_that_of_one_question(
    scored: list[tuple[str, float]], limits: Limits, top_n: int | None, images: set[int], kind: Any
) -> None:
    """
    Whatever the scores, with ties and with top_n: nobody can tell that a request was split.
    """
    asked = request_of([text for text, _ in scored], top_n=top_n, images=dict.fromkeys(images, "x"))

    def ranked(one: RerankRequest, first: int) -> Ranking:
        return Ranking.of(one, [(index, scored[first + index][1]) for index in range(len(one.texts))], kind)

    parts = split(asked, Profile(limits))

    assert merge(asked, [(part, ranked(part.request, part.first)) for part in parts]) == ranked(asked, 0)


def test_tokens_are_counted_with_the_query_once_a_document() -> None:
    """
    As Voyage counts them: about four bytes each, one more for every text, and rather too many than too few.
    """
    asked = request_of(["x" * 8, "x" * 8, "é" * 4, "x" * 80], query="12345")

    found = split(asked, Profile(Limits(tokens=10)))

    # The query is 2 of them each time, and 8 bytes are 3.
    assert sizes(found) == [2, 1, 1]


def test_each_document_may_count_for_more_than_its_text() -> None:
    """
    As ZeroEntropy counts bytes: so many for each document, and the query again.
    """
    asked = request_of(["aaaa", "bb", "c"], query="q")

    found = split(asked, Profile(Limits(size=45, overhead=10)))

    # 10, 4 for the query, and 7, 5 and 4 for the texts as they stand in JSON.
    assert sizes(found) == [2, 1]


def test_images_have_a_limit_of_their_own() -> None:
    """
    Some models take more texts than images.
    """
    asked = request_of(["a", "b", "c", "d", "e"], images={0: "x", 1: "x", 3: "x"})

    assert sizes(split(asked, Profile(Limits(documents=4, images=2)))) == [3, 2]
    assert sizes(split(request_of(list("abcde")), Profile(Limits(documents=4, images=2)))) == [4, 1]
