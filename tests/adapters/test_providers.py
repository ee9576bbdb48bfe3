"""What every provider of the catalogue keeps. A new one joins with a file of its name in recorded/."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import asdict, replace
from importlib import import_module
from socket import socket
from typing import Any

import pytest

from rerank_gateway.adapters.providers import registry
from rerank_gateway.adapters.providers.auth import SignedAuth
from rerank_gateway.adapters.providers.dialect import Dialect
from rerank_gateway.adapters.transports.https import HttpsTransport
from rerank_gateway.domain.answer import ProviderScores
from rerank_gateway.domain.errors import (
    BadReply,
    TargetBusy,
    TargetError,
    TargetFailed,
    TargetMissing,
    TargetRefused,
    TargetRejectedKey,
    TargetRequestTooLarge,
    TargetTimedOut,
)
from rerank_gateway.domain.ranking import Ranking
from tests.adapters.providers import CLOCK, Recorded, reranker
from tests.fakes import request, within
from tests.upstream import Answer, Upstream, says, upstream

REQUEST = request(top_n=2)
SECONDS = 5.0
PATIENCE = 0.05


@pytest.fixture(params=registry.NAMES)
def recorded(request: pytest.FixtureRequest) -> Recorded:
    return Recorded.of(request.param)


def exchange(
    transport: HttpsTransport, recorded: Recorded, *answers: Answer, seconds: float = SECONDS
) -> tuple[ProviderScores, Upstream]:
    # Twice, as a token that is turned down is replaced, and the request sent again.
    with upstream(*(*map(says, recorded.before), *answers) * 2) as provider:
        asking = reranker(transport, recorded.name, provider.url, recorded.key, settings=recorded.at(provider.url))

        return asking.rerank(REQUEST, recorded.model, within(seconds)), provider


def silence(_: socket) -> None:
    """A provider that accepts and never responds."""


def is_as(expected: str | None, sent: str | None) -> bool:
    if expected and expected.startswith("~"):
        return sent is not None and re.fullmatch(expected[1:], sent) is not None

    return sent == expected


def ask(transport: HttpsTransport, recorded: Recorded, *answers: Answer) -> Ranking:
    scores, _ = exchange(transport, recorded, *answers)

    return Ranking.of(REQUEST, scores.pairs, scores.kind, scores.ordered)


def test_the_catalogue_is_in_order() -> None:
    """
    Names are sorted and unique, and each is that of its description.
    """
    assert list(registry.NAMES) == sorted(set(registry.NAMES))
    assert [registry.provider(name).name for name in registry.NAMES] == list(registry.NAMES)


@pytest.mark.parametrize("name", registry.NAMES)
def test_what_the_operator_must_say_is_known_without_the_description(name: str) -> None:
    """
    What the registry says that a provider needs is what its description leaves open, and Lambda does not tell.
    """
    provider = registry.provider(name)

    address = () if provider.url or provider.urls_by_key else ("url",)
    is_aws = isinstance(provider.auth, SignedAuth) and provider.auth.by == "aws"
    told = {"region"} if is_aws else set()
    settings = (setting for setting, value in provider.settings.items() if value is None and setting not in told)

    assert registry.NEEDED.get(name, ()) == (*address, *settings)


@pytest.mark.parametrize("name", registry.NAMES)
def test_a_description_says_how_its_wire_is_known(name: str) -> None:
    """
    What nobody could verify is marked twice: for readers of the code, and for those of the documentation made of it.
    """
    provider, module = registry.provider(name), import_module(f"rerank_gateway.adapters.providers.catalogue.{name}")

    assert provider.title
    assert provider.docs.startswith("https://")
    assert provider.source
    assert ("not verified" in provider.source) == ("verified" in str(module.__doc__))


def test_the_request_is_what_the_provider_reads(transport: HttpsTransport, recorded: Recorded) -> None:
    """
    Method, path, headers and body are the provider's own, to the byte.
    """
    _, provider = exchange(transport, recorded, says(recorded.response["body"], headers=recorded.response["headers"]))

    *_, received = provider.questions
    usual = {"content-type": "application/json", "host": provider.url.removeprefix("http://")}
    expected = {**usual, "authorization": f"Bearer {recorded.key}", **recorded.request.get("headers", {})}
    assert (received.method, received.path) == ("POST", recorded.request["path"])
    assert received.json == recorded.request["body"]
    for name, value in expected.items():
        assert is_as(value, received.headers.get(name)), name


def test_the_response_is_a_ranking_with_its_usage(transport: HttpsTransport, recorded: Recorded) -> None:
    """
    The recorded response comes out as the ranking, the usage and the cost that stand beside it.
    """
    scores, _ = exchange(transport, recorded, says(recorded.response["body"], headers=recorded.response["headers"]))

    ranking = Ranking.of(REQUEST, scores.pairs, scores.kind, scores.ordered)
    assert [list(pair) for pair in ranking.results] == recorded.ranking
    assert ranking.kind == recorded.kind
    assert asdict(scores.usage) == pytest.approx(recorded.usage)


@pytest.mark.parametrize(
    ("name", "settings", "headers"),
    [
        ("openrouter", {}, {"http-referer": None, "x-openrouter-title": None}),
        ("openrouter", {"title": "Our search"}, {"http-referer": None, "x-openrouter-title": "Our search"}),
        ("prime", {}, {"x-prime-team-id": None}),
        ("prime", {"team": "t-1"}, {"x-prime-team-id": "t-1"}),
    ],
)
def test_a_header_is_sent_where_the_operator_has_something_to_say(
    transport: HttpsTransport, name: str, settings: dict[str, str], headers: dict[str, str | None]
) -> None:
    """
    Settings that may be left out leave their headers out, too.
    """
    recorded = replace(Recorded.of(name), settings=settings)

    _, provider = exchange(transport, recorded, says(recorded.response["body"]))

    assert {header: provider.questions[0].headers.get(header) for header in headers} == headers


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (400, TargetRefused),
        (401, TargetRejectedKey),
        (402, TargetRejectedKey),
        (403, TargetRejectedKey),
        (404, TargetMissing),
        (408, TargetTimedOut),
        (413, TargetRequestTooLarge),
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
    transport: HttpsTransport, recorded: Recorded, status: int, kind: type[TargetError]
) -> None:
    """
    A status says what went wrong; a redirect is not followed, as the key would go with it.
    """
    with pytest.raises(kind) as failed:
        ask(
            transport,
            recorded,
            says({"message": "no"}, status, {"location": "http://127.0.0.1:1/", "retry-after": "7"}),
        )

    assert type(failed.value) is kind
    assert failed.value.status_code == status
    assert failed.value.retry_after == 7.0


def test_a_provider_that_does_not_respond_has_timed_out(transport: HttpsTransport, recorded: Recorded) -> None:
    """
    A provider that takes the request and sends nothing costs the time it was given, and no more.
    """
    before = CLOCK.now()

    with pytest.raises(TargetTimedOut):
        exchange(transport, recorded, silence, seconds=PATIENCE)

    assert CLOCK.now() - before < SECONDS


Garble = Callable[[Any, Dialect], Any]
"""Spoils the result rows, or makes something else of them, with the provider's field names."""


def changed(word: str, value: Any) -> Garble:
    """The first result with another index or score."""
    return lambda rows, dialect: [{**rows[0], name_of(word, dialect): value}, *rows[1:]]


def lacking(word: str) -> Garble:
    def garble(rows: Any, dialect: Dialect) -> Any:
        return [{key: value for key, value in rows[0].items() if key != name_of(word, dialect)}, *rows[1:]]

    return garble


def name_of(word: str, dialect: Dialect) -> str:
    return str(getattr(dialect, word))


def first_is(value: Any) -> Garble:
    """ProviderScores in the documents' order, with another first one."""
    return lambda rows, _: [value, *rows[1:]]


NO_RANKING: dict[str, Garble] = {
    "too few": lambda rows, _: rows[:1],
    "none": lambda rows, _: [],
    "no list": lambda rows, _: {"0": rows[0]},
    "null": lambda rows, _: None,
    "a list of null": lambda rows, _: [None] * 3,
    "a list of lists": lambda rows, _: [[0, 0.9], [1, 0.8], [2, 0.7]],
}
NO_ROWS: dict[str, Garble] = {
    "twice the same": lambda rows, _: [rows[0], rows[0]],
    "a list of numbers": lambda rows, _: [0.9, 0.8],
    "index out of range": changed("index", 3),
    "index negative": changed("index", -1),
    "index a word": changed("index", "first"),
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
NO_SCORES: dict[str, Garble] = {
    "a score too many": lambda rows, _: [*rows, 0.5],
    "score a string": first_is("0.9"),
    "score null": first_is(None),
    "score NaN": first_is(float("nan")),
    "score an object": first_is({"value": 0.9}),
}


def garbles(name: str) -> dict[str, Garble]:
    """What can be wrong with the results of the provider called *name*: rows, or scores in the documents' order."""
    return NO_RANKING | (NO_SCORES if registry.provider(name).dialect.index is None else NO_ROWS)


GARBLED = [
    pytest.param(Recorded.of(name), garble, id=f"{name}-{what}")
    for name in registry.NAMES
    for what, garble in garbles(name).items()
]


@pytest.mark.parametrize(("recorded", "garble"), GARBLED)
def test_a_garbled_ranking_is_a_bad_reply(transport: HttpsTransport, recorded: Recorded, garble: Garble) -> None:
    """
    Results that are no ranking of the documents are never passed on.
    """
    rows = garble(recorded.rows, recorded.dialect)

    with pytest.raises(BadReply):
        ask(transport, recorded, says(recorded.response_with(rows)))


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
def test_what_is_no_response_at_all_is_a_bad_reply(transport: HttpsTransport, recorded: Recorded, body: bytes) -> None:
    """
    A status of 200 is not believed without a ranking in it.
    """
    with pytest.raises(BadReply):
        ask(transport, recorded, says(body))


@pytest.mark.parametrize(
    "usage", [None, "many", [], {"total_tokens": "7"}, {"total_tokens": -1}, {"total_tokens": 1e300}]
)
def test_a_strange_usage_does_not_cost_the_ranking(transport: HttpsTransport, recorded: Recorded, usage: Any) -> None:
    """
    Whoever counts strangely may still rank well.
    """
    body = recorded.response["body"]
    if isinstance(body, dict):
        body = {**body, "usage": usage, "meta": {"billed_units": usage, "tokens": usage}}

    assert [
        list(pair) for pair in ask(transport, recorded, says(body, headers={"x-compute-tokens": "many"})).results
    ] == (recorded.ranking)
