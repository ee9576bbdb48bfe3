"""What providers are sent of a request's options. The recorded exchanges in recorded/ say what each of them reads."""

from __future__ import annotations

from itertools import combinations
from typing import Any

import pytest

from rerank_gateway.adapters.providers import registry
from rerank_gateway.adapters.providers.dialect import Dialect
from rerank_gateway.adapters.providers.parameters import dropped_extra_fields, told_parameters
from rerank_gateway.adapters.transports.messages import ProviderResponse
from rerank_gateway.domain.request import RerankRequest
from tests.adapters.providers import Recorded, known_settings
from tests.fakes import request

FULL = request(
    top_n=9,
    max_tokens_per_doc=256,
    priority=3,
    instruction="Prefer the newest.",
    user="u-1",
    truncate="start",
)


@pytest.fixture(params=registry.NAMES)
def recorded(request: pytest.FixtureRequest) -> Recorded:
    return Recorded.of(request.param)


def differences(recorded: Recorded, request: RerankRequest) -> dict[str, Any]:
    """What the body for *request* has beside or instead of what the recorded one has."""
    plain, body = recorded.request["body"], recorded.body(request)

    return {name: value for name, value in body.items() if name not in plain or plain[name] != value}


def test_each_provider_is_sent_what_it_has_a_field_for(recorded: Recorded) -> None:
    """
    Options travel under the provider's own names, and only where it has one; top_n never exceeds the documents.
    """
    assert differences(recorded, FULL) == recorded.options


def test_truncate_none_wants_an_error_rather_than_a_truncated_text(recorded: Recorded) -> None:
    """
    `"truncate": "none"` is sent wherever a provider has a field for it.
    """
    assert differences(recorded, request(top_n=2, truncate="none")) == recorded.untruncated


def test_an_option_that_is_not_used_is_not_sent(recorded: Recorded) -> None:
    """
    Without options, a payload has nothing that the recorded one does not have: defaults are the provider's own.
    """
    assert set(recorded.body(request())) <= set(recorded.request["body"])


def test_extra_body_goes_along_but_overwrites_nothing(recorded: Recorded) -> None:
    """
    A caller can use what only one provider has, and cannot take over a field that the gateway has a word for.
    """
    dialect = recorded.dialect
    ours = {"model", "query", dialect.documents, *dialect.words.values(), *dialect.constants}

    payload = recorded.body(request(extra_body=dict.fromkeys([*ours, "their_own"], "theirs")))

    assert payload["their_own"] == "theirs"
    assert "theirs" not in [payload.get(word) for word in ours]


OPTIONS = {"priority": 3, "instruction": "Prefer the newest.", "user": "u-1", "document_metadata": ("a", "b", "c")}


def test_the_options_that_a_provider_is_told_of_are_known(recorded: Recorded) -> None:
    """
    Of the others its callers are warned.
    """
    settings = known_settings(recorded.name, recorded.at("http://upstream"))
    plain = recorded.body(request())

    told = {name for name, value in OPTIONS.items() if recorded.body(request(**{name: value})) != plain}

    assert told_parameters(recorded.dialect, recorded.model, settings) == told


def test_each_way_to_truncate_that_a_provider_claims_makes_a_difference(recorded: Recorded) -> None:
    """
    Whoever follows more than one value of `truncate` is told which.
    """
    bodies = [recorded.body(request(truncate=truncate)) for truncate in sorted(recorded.dialect.truncation)]

    assert all(one != other for one, other in combinations(bodies, 2))


def test_what_is_dropped_of_extra_body_is_named() -> None:
    """
    A field that the gateway has a word of its own for, unless its value is the very same.
    """
    extra_body = {"top_n": 5, "their_own": 1, "model": "m"}

    dropped = dropped_extra_fields(extra_body, {"top_n": 2, "their_own": 1, "model": "m"})

    assert list(dropped) == ["extra_body.top_n"]


def scores_in(dialect: Dialect, body: bytes) -> list[tuple[Any, Any]]:
    return list(dialect.understand(ProviderResponse(200, {}, body)).pairs)


def test_an_order_that_means_something_is_told() -> None:
    """
    Where scores are rounded, results that share one are in the order of what is behind them; no score is changed.
    """
    dialect = Dialect(ordered=True, results="", score="score")
    body = b'[{"index": 2, "score": 1.0}, {"index": 0, "score": 1.0}, {"index": 1, "score": 0.5}]'

    scores = dialect.understand(ProviderResponse(200, {}, body))

    assert scores.ordered
    assert list(scores.pairs) == [(2, 1.0), (0, 1.0), (1, 0.5)]


def test_compatible_reads_either_word_for_a_score() -> None:
    """
    Servers that call themselves compatible with Cohere or Jina do not agree on this one.
    """
    dialect = registry.provider("compatible").dialect

    pairs = scores_in(
        dialect, b'{"results": [{"index": 1, "score": 0.9}, {"index": 0, "relevance_score": 0.1, "score": 7}]}'
    )

    assert pairs == [(1, 0.9), (0, 0.1)]


@pytest.mark.parametrize(("header", "cost"), [("0.00021", 0.00021), ("0.0", None), ("None", None), ("nan", None)])
def test_a_price_that_litellm_does_not_know_is_not_taken_for_free(header: str, cost: float | None) -> None:
    """
    LiteLLM sends 0.0 for what it has no price for.
    """
    dialect = registry.provider("litellm").dialect

    scores = dialect.understand(ProviderResponse(200, {"x-litellm-response-cost": header}, b'{"results": []}'))

    assert scores.usage.cost == cost
