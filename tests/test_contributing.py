"""The provider that CONTRIBUTING.md shows works as it stands there."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from random import Random
from runpy import run_path
from textwrap import dedent

import pytest

from rerank_gateway.adapters.credentials.key_ring import KeyRing, ProviderKey
from rerank_gateway.adapters.providers.description import Provider
from rerank_gateway.adapters.providers.reranker import ProviderReranker
from rerank_gateway.adapters.signers import create_signer
from rerank_gateway.adapters.system.clock import SystemClock
from rerank_gateway.adapters.transports.https import HttpsTransport
from rerank_gateway.domain.answer import ProviderScores
from rerank_gateway.domain.errors import TargetBusy
from rerank_gateway.domain.price import Price
from rerank_gateway.domain.ranking import Ranking
from tests.adapters.providers import Recorded
from tests.adapters.test_dialects import FULL
from tests.fakes import request, within
from tests.upstream import Answer, Upstream, says, upstream

PAGE = Path(__file__).parents[1] / "CONTRIBUTING.md"
CLOCK = SystemClock()
REQUEST, UNTRUNCATED = request(top_n=2), request(top_n=2, truncate="none")


def shown(language: str) -> str:
    """The block in *language* of the section about providers."""
    section = PAGE.read_text("utf-8").partition("## Add a provider")[2].partition("\n## ")[0]
    (block,) = re.findall(rf"^ *```{language}\n(.*?)^ *```$", section, re.DOTALL | re.MULTILINE)

    return dedent(block)


@pytest.fixture
def provider(tmp_path: Path) -> Provider:
    written = tmp_path / "acme.py"
    written.write_text(shown("python"), "utf-8")
    description: Provider = run_path(str(written))["PROVIDER"]

    return description


@pytest.fixture
def recorded() -> Recorded:
    return Recorded("acme", **json.loads(shown("json")))


def ask(transport: HttpsTransport, provider: Provider, model: str, answer: Answer) -> tuple[ProviderScores, Upstream]:
    ring = KeyRing(lambda _: [ProviderKey("k")], CLOCK, Random(0))
    settings: Mapping[str, str] = {}
    with upstream(answer) as server:
        who_signs = create_signer(provider.auth, settings, transport, CLOCK)
        reranker = ProviderReranker(provider.name, provider, transport, who_signs, ring, server.url, settings)

        return reranker.rerank(REQUEST, model, within(5.0)), server


def test_it_sends_what_the_page_shows(transport: HttpsTransport, provider: Provider, recorded: Recorded) -> None:
    """
    Path, headers and body are those of the exchange that is shown.
    """
    _, server = ask(transport, provider, recorded.model, says(recorded.response["body"]))

    (received,) = server.questions
    assert (received.method, received.path, received.json) == (
        "POST",
        recorded.request["path"],
        recorded.request["body"],
    )
    assert {name: received.headers.get(name) for name in recorded.request["headers"]} == recorded.request["headers"]


def test_it_reads_what_the_page_shows(transport: HttpsTransport, provider: Provider, recorded: Recorded) -> None:
    """
    The response that is shown comes out as the ranking, the usage and the cost beside it.
    """
    scores, _ = ask(transport, provider, recorded.model, says(recorded.response["body"]))

    ranking = Ranking.of(REQUEST, scores.pairs, scores.kind, scores.ordered)
    assert [list(pair) for pair in ranking.results] == recorded.ranking
    assert asdict(scores.usage) == pytest.approx(recorded.usage)


def test_its_errors_are_typed(transport: HttpsTransport, provider: Provider) -> None:
    """
    Nobody had to write anything for that.
    """
    with pytest.raises(TargetBusy):
        ask(transport, provider, "acme-rank-2", says({"message": "later"}, 429))


def test_what_it_takes_and_costs_goes_by_model(provider: Provider) -> None:
    """
    One of its models compares the documents with each other, and must not be split.
    """
    plain, listwise = (provider.profile(model) for model in provider.models)

    assert (plain.limits.documents, plain.pointwise, plain.price) == (500, True, Price(per_million_tokens=0.05))
    assert listwise.pointwise is False


def test_it_sends_options_as_the_page_shows(provider: Provider, recorded: Recorded) -> None:
    """
    Every option, and the wish that nothing be truncated, change the body as it stands there.
    """
    body = recorded.request["body"]

    assert provider.dialect.phrase(FULL, recorded.model) == {**body, **recorded.options}
    assert provider.dialect.phrase(UNTRUNCATED, recorded.model) == {**body, **recorded.untruncated}
