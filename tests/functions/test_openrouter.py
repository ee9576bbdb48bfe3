"""What OpenRouter's callers rely on, from the event to the response."""

from __future__ import annotations

from typing import Any

import pytest

from tests.functions.apis import post
from tests.functions.conftest import Configure
from tests.functions.gateway import rerank
from tests.functions.provider import COHERE, pointed_at
from tests.functions.targets import configuration
from tests.upstream import says, upstream

ATTRIBUTION: dict[str, Any] = {"user": "u-1", "session_id": "s-1", "trace": {"trace_id": "t-1"}}


@pytest.mark.parametrize(("upstream_status", "status"), [(402, 402), (401, 403), (403, 403)])
def test_what_does_not_pass_is_no_5xx(upstream_status: int, status: int, configure: Configure) -> None:
    """
    Its client repeats every 5xx: a key that was turned down is as wrong the next time.
    """
    with upstream(says({}, upstream_status)) as provider:
        configure(GATEWAY_CONFIG=pointed_at(provider), COHERE_API_KEY="k")
        response = post("openrouter", model="cohere/rerank-v3.5")

    assert (response.status, response.json["error"]["code"]) == (status, status)


def test_an_empty_account_is_told_from_a_bad_key(configure: Configure) -> None:
    """
    Its code says so in the native API, too.
    """
    with upstream(says({}, 402)) as provider:
        configure(GATEWAY_CONFIG=pointed_at(provider), COHERE_API_KEY="k")
        response = rerank(model="cohere/rerank-v3.5")

    assert (response.status, response.json["error"]["code"]) == (502, "provider_out_of_credits")


def test_the_provider_that_is_named_is_the_one_whose_message_is_told(configure: Configure) -> None:
    """
    The first choice speaks, also when it was in trouble and so was asked last.
    """
    with upstream(says({}, 500)) as broken, upstream(says({"message": "too odd"}, 400)) as odd:
        configure(GATEWAY_CONFIG=configuration(broken.url, odd.url), COHERE_API_KEY="k")
        for _ in range(5):
            rerank(model="cohere/rerank-v3.5")
        told, native = post("openrouter", model="both"), rerank(model="both")

    assert [attempt["target"] for attempt in native.json["extra_fields"]["attempts"]] == ["tei/m", "cohere/rerank-v3.5"]
    assert told.json["error"]["message"].startswith("cohere/")
    assert told.json["error"]["metadata"]["provider_name"] == "cohere"
    assert native.json["extra_fields"]["provider"] == "cohere"


def test_openrouter_itself_gets_to_know_who_asks(configure: Configure) -> None:
    """
    `user`, `session_id` and `trace` are for its records.
    """
    with upstream(says(COHERE)) as provider:
        configure(GATEWAY_CONFIG=f'[providers.openrouter]\nurl = "{provider.url}"', OPENROUTER_API_KEY="k")
        post("openrouter", model="openrouter/cohere/rerank-v3.5", **ATTRIBUTION)

    assert ATTRIBUTION.items() <= provider.questions[0].json.items()


def test_nobody_else_gets_to_know_who_asks(configure: Configure) -> None:
    """
    A provider with a field called `user` is not told either: it was not meant.
    """
    with upstream(says(COHERE)) as provider:
        configure(GATEWAY_CONFIG=f'[providers.vllm]\nurl = "{provider.url}"')
        response = post("openrouter", model="vllm/m", **ATTRIBUTION)

    assert response.status == 200
    assert ATTRIBUTION.keys().isdisjoint(provider.questions[0].json)
