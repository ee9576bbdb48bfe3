"""What callers demand of whoever ranks, from the event to the response: kept or refused, never ignored."""

from __future__ import annotations

from typing import Any

import pytest

from tests.functions.account import Account
from tests.functions.apis import post
from tests.functions.conftest import Configure
from tests.functions.gateway import LEAST, rerank
from tests.functions.provider import COHERE
from tests.functions.rankers import ranker
from tests.functions.targets import configuration, pointed_at, tried
from tests.upstream import says, upstream

PROMISES = """zdr = true
data_collection = "deny"
quantizations = ["fp16"]
distillable_text = true"""
ALL = {
    "data_collection": "deny",
    "zdr": True,
    "enforce_distillable_text": True,
    "quantizations": ["fp16", "bf16"],
}
NOTHING = {
    "data_collection": "allow",
    "zdr": False,
    "enforce_distillable_text": False,
    "require_parameters": False,
    "quantizations": [],
    "max_price": {},
}


@pytest.mark.parametrize("name", ALL)
@pytest.mark.parametrize("api", ["openrouter", "rerank"])
def test_only_those_are_asked_that_the_operator_has_declared_so(api: str, name: str, configure: Configure) -> None:
    """
    TEI runs in the operator's own network, and Cohere has promised nothing.
    """
    with ranker() as both:
        configure(**pointed_at(both, tei_has=PROMISES))
        response = post(api, model="both", provider={name: ALL[name]})

    assert response.status == 200
    assert ["texts" in request for request in both.requests] == [True]


@pytest.mark.parametrize(
    ("name", "value"),
    [*ALL.items(), ("max_price", {"prompt": 100}), ("max_price", {"request": "0.0001"}), ("require_parameters", True)],
)
def test_where_nobody_is_left_nothing_is_sent(name: str, value: Any, configure: Configure) -> None:
    """
    A 404 that names the constraint, also for a job.
    """
    with ranker() as both:
        configure(**pointed_at(both))
        response = rerank(model="tei/m", provider={name: value}, priority=1)

    assert (response.status, response.json["error"]["code"]) == (404, "no_target_left")
    assert response.json["error"]["param"] == f"provider.{name}"
    assert f"provider.{name}" in response.json["error"]["message"]
    assert both.requests == []


def test_a_job_is_refused_as_the_request_would_be(account: Account, configure: Configure) -> None:
    """
    When it is submitted, and not after.
    """
    refused = account.submit(LEAST | {"model": "cohere/rerank-v3.5", "provider": {"zdr": True}})

    assert (refused.status, refused.json["error"]["param"]) == (404, "provider.zdr")


@pytest.mark.parametrize("alias", ["", "hedge_after_ms = 1", 'fuse = "rrf"'])
def test_they_bind_whoever_stands_in(alias: str, configure: Configure) -> None:
    """
    Neither a hedge, nor a member of a fusion, nor a fallback gets documents that it may not have; the last resort,
    which sends them to nobody, ranks them.
    """
    with upstream(says({}, 500)) as allowed, ranker() as forbidden:
        config = configuration(forbidden.url, allowed.url, alias, tei_has="zdr = true")
        configure(
            GATEWAY_CONFIG=f'last_resort = "local/bm25"\n{config}\n[providers.jina]\nurl = "{forbidden.url}"',
            COHERE_API_KEY="k",
            JINA_API_KEY="k",
        )
        response = rerank(model="both", fallbacks=["jina/m"], provider={"zdr": True})

    assert tried(response) == [("tei/m", 500), ("local/bm25", 200)]
    assert forbidden.requests == []


def test_who_stands_in_for_all_that_were_excluded_is_not_the_first_choice(configure: Configure) -> None:
    """
    Its ranking is a makeshift, and is not remembered.
    """
    with ranker() as both:
        configure(**pointed_at(both, alias='last_resort = "local/bm25"'))
        answers = [rerank(model="both", provider={"zdr": True}, cache={"ttl": 60}) for _ in "12"]

    assert [tried(answer) for answer in answers] == [[("local/bm25", 200)]] * 2
    assert both.requests == []


def test_a_last_resort_that_has_promised_nothing_is_none(configure: Configure) -> None:
    """
    The error of the target that might be asked is told.
    """
    with upstream(says({}, 500)) as allowed, ranker() as forbidden:
        config = configuration(forbidden.url, allowed.url, tei_has="zdr = true")
        configure(GATEWAY_CONFIG=f'last_resort = "cohere/rerank-v3.5"\n{config}', COHERE_API_KEY="k")
        response = rerank(model="tei/m", provider={"zdr": True})

    assert (response.status, forbidden.requests) == (502, [])


@pytest.mark.parametrize(
    ("max_price", "provider"),
    [
        ({"request": 0.002}, "cohere"),
        ({"request": "0.002", "prompt": 0}, "cohere"),
        ({"request": 0.0019}, "local"),
        ({"prompt": 0.01}, "cohere"),
    ],
)
def test_the_price_must_be_known_and_fit(max_price: dict[str, Any], provider: str, configure: Configure) -> None:
    """
    Cohere's search of $0.002 fits into as much, TEI's price is not known, and what runs in the gateway costs nothing.
    """
    with ranker() as both:
        configure(**pointed_at(both))
        response = rerank(model="tei/m", fallbacks=["both", "local/bm25"], provider={"max_price": max_price})

    assert response.json["extra_fields"]["provider"] == provider


def test_openrouter_keeps_them_itself(configure: Configure) -> None:
    """
    They are forwarded as they came, without those that constrain nobody.
    """
    constraints = ALL | {"require_parameters": True, "max_price": {"prompt": 1, "request": "0.5"}}
    with upstream(says(COHERE)) as provider:
        configure(GATEWAY_CONFIG=f'[providers.openrouter]\nurl = "{provider.url}"', OPENROUTER_API_KEY="k")
        response = post(
            "openrouter", model="openrouter/cohere/rerank-v3.5", provider=constraints | {"order": ["openrouter"]}
        )
        post("openrouter", model="openrouter/cohere/rerank-v3.5", provider=NOTHING)

    forwarded = provider.questions[0].json["provider"]
    assert response.status == 200
    assert forwarded == constraints | {"quantizations": ["bf16", "fp16"], "max_price": {"prompt": 1.0, "request": 0.5}}
    assert "provider" not in provider.questions[1].json


def test_values_that_restrict_nothing_pass_silently() -> None:
    """
    Nobody is excluded, and there is no warning.
    """
    response = post("openrouter", provider=NOTHING)

    assert response.status == 200
    assert "x-gateway-warnings" not in response.headers


@pytest.mark.parametrize(
    ("max_price", "message"),
    [
        ({"token": 1}, "provider.max_price.token is not known here"),
        ({"prompt": -1}, "provider.max_price.prompt must be at least 0"),
        ({"prompt": "cheap"}, "provider.max_price.prompt must be a number"),
    ],
)
def test_a_limit_that_cannot_be_kept_is_an_error(max_price: dict[str, Any], message: str) -> None:
    """
    A typo must not be dear.
    """
    response = rerank(provider={"max_price": max_price})

    assert (response.status, response.json["error"]["message"]) == (400, message)


@pytest.mark.parametrize(
    ("changes", "status"),
    [({}, 200), ({"instruction": "the newest first"}, 404), ({"extra_body": {"x": 1}}, 404), ({"user": "me"}, 200)],
)
def test_required_parameters_are_those_that_only_a_provider_can_heed(changes: dict[str, Any], status: int) -> None:
    """
    What the gateway does itself is done everywhere.
    """
    response = rerank(top_n=1, max_tokens_per_doc=9, provider={"require_parameters": True}, **changes)

    assert response.status == status


@pytest.mark.parametrize(("setting", "status"), [("", 404), ('scheduling_policy = "priority"', 200)])
def test_a_required_parameter_must_really_be_sent(configure: Configure, setting: str, status: int) -> None:
    """
    vLLM knows `priority`, but takes it only where it schedules by it.
    """
    with ranker() as provider:
        configure(GATEWAY_CONFIG=f'[providers.vllm]\nurl = "{provider.url}"\n{setting}')
        response = rerank(model="vllm/m", priority=1, provider={"require_parameters": True})

    assert response.status == status


def test_an_unknown_quantization_may_be_wanted(configure: Configure) -> None:
    """
    OpenRouter's word for it lets those in who have declared none.
    """
    with ranker() as both:
        configure(**pointed_at(both))
        response = rerank(model="tei/m", provider={"quantizations": ["fp8", "unknown"]})

    assert response.status == 200
