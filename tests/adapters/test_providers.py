"""What every provider of the catalogue keeps. A new one joins with a file of its name in replies/."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

import pytest

from rerank_gateway.adapters import catalogue
from rerank_gateway.adapters.carriers.https import HttpsCarrier
from rerank_gateway.domain.errors import (
    BadReply,
    TargetBusy,
    TargetError,
    TargetFailed,
    TargetMissing,
    TargetRefused,
    TargetRejectedKey,
    TargetTimedOut,
    TargetTooSmall,
)
from rerank_gateway.domain.ranking import Ranking
from tests.adapters.providers import Recorded, reranker
from tests.fakes import request
from tests.upstream import Answer, says, upstream

ASKED = request(top_n=2)
SECONDS = 5.0


@pytest.fixture(params=catalogue.NAMES)
def recorded(request: pytest.FixtureRequest) -> Recorded:
    return Recorded.of(request.param)


def ask(carrier: HttpsCarrier, recorded: Recorded, *answers: Answer) -> Ranking:
    with upstream(*answers) as provider:
        scores = reranker(carrier, recorded.name, provider.url, "k").rerank(ASKED, recorded.model, SECONDS)

        return Ranking.of(ASKED, scores.pairs)


def test_the_question_is_what_the_provider_reads(carrier: HttpsCarrier, recorded: Recorded) -> None:
    """
    Method, path, headers and body are the provider's own, to the byte.
    """
    with upstream(says(recorded.reply["body"])) as provider:
        reranker(carrier, recorded.name, provider.url, "k").rerank(ASKED, recorded.model, SECONDS)

    [asked] = provider.questions
    assert (asked.method, asked.path) == ("POST", recorded.question["path"])
    assert asked.json == recorded.question["body"]
    assert asked.headers["authorization"] == "Bearer k"
    assert asked.headers["content-type"] == "application/json"
    assert asked.headers["host"] == provider.url.removeprefix("http://")


def test_the_reply_is_a_ranking_with_its_usage(carrier: HttpsCarrier, recorded: Recorded) -> None:
    """
    The recorded reply comes out as the ranking, the usage and the cost that stand beside it.
    """
    with upstream(says(recorded.reply["body"], headers=recorded.reply["headers"])) as provider:
        scores = reranker(carrier, recorded.name, provider.url, "k").rerank(ASKED, recorded.model, SECONDS)

    assert [list(pair) for pair in Ranking.of(ASKED, scores.pairs).results] == recorded.ranking
    assert asdict(scores.usage) == pytest.approx(recorded.usage)


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (400, TargetRefused),
        (401, TargetRejectedKey),
        (402, TargetRejectedKey),
        (403, TargetRejectedKey),
        (404, TargetMissing),
        (408, TargetTimedOut),
        (413, TargetTooSmall),
        (418, TargetFailed),
        (422, TargetRefused),
        (429, TargetBusy),
        (500, TargetFailed),
        (502, TargetFailed),
        (503, TargetBusy),
        (504, TargetTimedOut),
        (529, TargetBusy),
        (302, TargetFailed),
    ],
)
def test_each_status_is_its_typed_failure(
    carrier: HttpsCarrier, recorded: Recorded, status: int, kind: type[TargetError]
) -> None:
    """
    A status says what went wrong; a redirect is not followed, as the key would go with it.
    """
    with pytest.raises(kind) as failed:
        ask(carrier, recorded, says({"message": "no"}, status, {"location": "http://127.0.0.1:1/", "retry-after": "7"}))

    assert type(failed.value) is kind
    assert failed.value.status_code == status
    assert failed.value.retry_after == 7.0


Garble = Callable[[Any, str], Any]
"""Spoils a result row list, or makes something else of it; the word for the score is given."""


def changed(name: str, value: Any) -> Garble:
    """The first result with another `index`, or another `score` under the provider's word for it."""
    return lambda rows, score: [{**rows[0], score if name == "score" else name: value}, *rows[1:]]


def lacking(name: str) -> Garble:
    return lambda rows, score: [
        {key: value for key, value in rows[0].items() if key != (score if name == "score" else name)},
        *rows[1:],
    ]


GARBLED: dict[str, Garble] = {
    "twice the same": lambda rows, _: [rows[0], rows[0]],
    "too few": lambda rows, _: rows[:1],
    "none": lambda rows, _: [],
    "no list": lambda rows, _: {"0": rows[0]},
    "null": lambda rows, _: None,
    "a list of numbers": lambda rows, _: [0.9, 0.8],
    "a list of null": lambda rows, _: [None, None],
    "a list of lists": lambda rows, _: [[0, 0.9], [1, 0.8]],
    "index out of range": changed("index", 3),
    "index negative": changed("index", -1),
    "index a string": changed("index", "0"),
    "index a float": changed("index", 0.5),
    "index null": changed("index", None),
    "index missing": lacking("index"),
    "score a string": changed("score", "0.9"),
    "score null": changed("score", None),
    "score NaN": changed("score", float("nan")),
    "score infinite": changed("score", float("-inf")),
    "score an object": changed("score", {"value": 0.9}),
    "score missing": lacking("score"),
}


@pytest.mark.parametrize("garble", GARBLED.values(), ids=GARBLED)
def test_a_garbled_ranking_is_a_bad_reply(carrier: HttpsCarrier, recorded: Recorded, garble: Garble) -> None:
    """
    Results that are no ranking of the documents are never passed on.
    """
    dialect = catalogue.provider(recorded.name).dialect
    body = recorded.reply["body"]
    rows = garble(body if dialect.results is None else body[dialect.results], dialect.score)

    with pytest.raises(BadReply):
        ask(carrier, recorded, says(rows if dialect.results is None else {**body, dialect.results: rows}))


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b"<html><body>502 Bad Gateway</body></html>", id="html"),
        pytest.param(b'{"results": [{"index": 0, "relevance_score": 0.9}, {"ind', id="truncated"),
        pytest.param(b"", id="empty"),
        pytest.param(b"null", id="null"),
        pytest.param(b"42", id="number"),
        pytest.param(b'"results"', id="string"),
        pytest.param(b'{"error": {"message": "overloaded"}}', id="an error with status 200"),
        pytest.param(b"\xff\xfe\x00", id="not utf-8"),
        pytest.param(b"[" * 100_000, id="deeply nested"),
    ],
)
def test_what_is_no_reply_at_all_is_a_bad_reply(carrier: HttpsCarrier, recorded: Recorded, body: bytes) -> None:
    """
    A status of 200 is not believed without a ranking in it.
    """
    with pytest.raises(BadReply):
        ask(carrier, recorded, says(body))


@pytest.mark.parametrize(
    "usage", [None, "many", [], {"total_tokens": "7"}, {"total_tokens": -1}, {"total_tokens": 1e300}]
)
def test_a_strange_usage_does_not_cost_the_ranking(carrier: HttpsCarrier, recorded: Recorded, usage: Any) -> None:
    """
    Whoever counts strangely may still rank well.
    """
    body = recorded.reply["body"]
    if isinstance(body, dict):
        body = {**body, "usage": usage, "meta": {"billed_units": usage, "tokens": usage}}

    assert [
        list(pair) for pair in ask(carrier, recorded, says(body, headers={"x-compute-tokens": "many"})).results
    ] == (recorded.ranking)
