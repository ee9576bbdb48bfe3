"""What an answer waits for where its cost is known only afterwards."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

import functions.rerank.app
from rerank_gateway.domain.spending.counters import TOTAL
from tests.adapters.test_pending_responses import LONG, Held
from tests.fakes import FakeContext
from tests.functions.conftest import Configure
from tests.functions.gateway import event
from tests.upstream import Upstream, says, upstream

KEY = {"id": {"S": "a"}, "models": {"SS": ["*"]}, "limit": {"N": "1"}, "requests_per_minute": {"N": "9"}}
RANKING = {"results": [{"index": 0, "relevance_score": 0.9}], "meta": {"tokens": {"input_tokens": 7}}}
CONFIG = '[providers.cohere]\nurl = "{url}"\n[prices."cohere/*"]\nper_million_tokens = 1000'
TAKEN = says({"Attributes": {"spent all": {"N": "1000"}}})


@pytest.fixture
def provider() -> Iterator[Upstream]:
    with upstream(says(RANKING)) as provider:
        yield provider


def ask() -> Any:
    body = {"model": "cohere/m", "query": "q", "documents": ["a"]}
    request = event("rerank") | {"body": json.dumps(body)}
    request["headers"] |= {"authorization": "Bearer sk-a"}

    return functions.rerank.app.handler(request, FakeContext())


@pytest.mark.usefixtures("embedded_aws")
def test_an_answer_waits_for_its_reservation_alone(
    provider: Upstream, configure: Configure, monkeypatch: pytest.MonkeyPatch
) -> None:
    """
    The settlement is sent before it, and its reply is read with the next request's: nothing is sent twice.
    """
    settled = Held(TAKEN)
    later = Held(TAKEN)
    with upstream(says({"Item": KEY}), TAKEN, settled, TAKEN, later) as aws:
        monkeypatch.setenv("AWS_ENDPOINT_URL_DYNAMODB", aws.url)
        configure(
            KEYS_TABLE="keys",
            USAGE_TABLE="usage",
            GATEWAY_CONFIG=CONFIG.format(url=provider.url),
            COHERE_API_KEY="k",
        )
        first = ask()["statusCode"]
        assert settled.asked.wait(LONG)
        was_answered = settled.answered.is_set()
        settled.go.set()
        assert settled.answered.wait(LONG)
        second = ask()["statusCode"]
        assert later.asked.wait(LONG)
        later.go.set()

    assert (first, was_answered, second) == (200, False, 200)
    _, reserve, settle, reserve_again, settle_again = [question.json for question in aws.questions]
    assert "attribute_not_exists" in reserve["ConditionExpression"]
    assert "attribute_not_exists" in reserve_again["ConditionExpression"]
    for each in (settle, settle_again):
        assert each["ConditionExpression"].startswith("attribute_exists")
        assert TOTAL in each["ExpressionAttributeNames"].values()
