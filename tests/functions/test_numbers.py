"""Numbers as strict readers need them: a score with a decimal point, search units that are always there."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from tests.functions.account import Account
from tests.functions.apis import NAMES, post
from tests.functions.conftest import Configure
from tests.functions.gateway import LEAST, rerank
from tests.upstream import says, upstream

WHOLE = {"results": [{"index": i, "relevance_score": score} for i, score in enumerate((1, 0, -7))]}
SCORE = re.compile(r'"(?:relevance_)?score":([^,}]+)')


def scores(text: str) -> list[str]:
    """The scores in a JSON *text*, as they are written there."""
    return SCORE.findall(text)


@pytest.mark.parametrize("name", NAMES)
def test_a_whole_score_has_a_decimal_point(configure: Configure, name: str) -> None:
    """
    OpenSearch casts a score to Double, which 1 is not.
    """
    field = {"mixedbread": "input", "tei": "texts"}.get(name, "documents")

    with upstream(says(WHOLE)) as provider:
        configure(GATEWAY_CONFIG=f'[providers.compatible]\nurl = "{provider.url}/v1/rerank"', COMPATIBLE_API_KEY="k")
        sent: dict[str, Any] = {"model": "compatible/m", "top_n": None, "top_k": None, field: ["a", "b", "c"]}
        response = post(name, **sent)

    assert scores(response.text) == ["1.0", "0.0", "-7.0"]


def test_so_has_the_score_of_a_blank_document_and_of_a_kept_answer(configure: Configure) -> None:
    """
    Zero is what nobody ranked, and a cache keeps numbers as they are.
    """
    answers = [rerank(documents=["", " "], cache={"ttl": 60}) for _ in range(2)]

    assert [scores(answer.text) for answer in answers] == [["0.0", "0.0"]] * 2


def test_so_has_the_score_in_a_job(account: Account) -> None:
    """
    What is kept of it is read again for each poll.
    """
    made = account.submit(LEAST | {"documents": ["", "green apples"]}).json["id"]
    account.work()

    polled = account.poll(made)

    assert all("." in score for score in scores(json.dumps(polled.json)))


@pytest.mark.parametrize(
    ("meta", "documents", "units"),
    [
        ({"billed_units": {"search_units": 3}}, 2, 3),
        ({"billed_units": {"search_units": 2.0}}, 2, 2),
        ({}, 2, 1),
        ({}, 100, 1),
        ({}, 101, 2),
    ],
)
@pytest.mark.parametrize("path", ["/v1/rerank", "/v2/rerank", "/cohere/v1/rerank"])
def test_search_units_are_always_an_integer(
    configure: Configure, path: str, meta: dict[str, Any], documents: int, units: int
) -> None:
    """
    The provider's, or one for each hundred documents begun.
    """
    name = "rerank" if path == "/v1/rerank" else "cohere"
    said = {"results": [{"index": i, "relevance_score": 0.5} for i in range(documents)], "meta": meta}

    with upstream(says(said)) as provider:
        configure(GATEWAY_CONFIG=f'[providers.cohere_v1]\nurl = "{provider.url}"', COHERE_API_KEY="k")
        response = post(name, path=path, model="cohere_v1/m", documents=["a"] * documents, top_n=None)

    assert response.json["meta"]["billed_units"]["search_units"] == units
    assert f'"search_units":{units}' in response.text


def test_what_costs_nothing_has_no_search_units() -> None:
    """
    What is ranked in the gateway, and what it has kept.
    """
    answers = [rerank(cache={"ttl": 60}) for _ in range(2)]

    assert [answer.json["meta"]["billed_units"] for answer in answers] == [{"search_units": 0}] * 2
