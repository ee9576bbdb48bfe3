"""A provider's own key in the place of one of the gateway's."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest

from rerank_gateway.domain.keys import hash_of_token
from rerank_gateway.entry import observability
from tests.functions.account import Account
from tests.functions.conftest import Configure
from tests.functions.gateway import LEAST, Response, event, invoke, rerank
from tests.functions.provider import COHERE, pointed_at
from tests.functions.test_target_health import by_target, health
from tests.tables import keys_table
from tests.upstream import says, upstream

SECRET, MODEL = "co-of-a-stranger-0123456789", "cohere/rerank-v3.5"
CACHE = {"type": "exact_match", "ttl": 60}
NAMES = """last_resort = "local/bm25"
[aliases.one]
targets = ["cohere/rerank-v3.5", "cohere/rerank-v4.0-fast"]
last_resort = "local/bm25"
[aliases.two]
targets = ["cohere/rerank-v3.5", "tei/m"]
[providers.cloudflare]
account = "0123"
"""


@pytest.fixture
def log(monkeypatch: pytest.MonkeyPatch) -> io.StringIO:
    stream = io.StringIO()
    monkeypatch.setattr(observability.logger.registered_handler, "stream", stream)

    return stream


def direct(token: str = SECRET, **changes: Any) -> Response:
    """A stranger's request with *token* for MODEL, with *changes*."""
    return rerank(headers={"authorization": f"Bearer {token}"}, **{"model": MODEL, **changes})


def test_it_is_no_key_unless_the_operator_says_so(configure: Configure) -> None:
    """
    Off by default, and by anything but "true".
    """
    with upstream(says(COHERE)) as provider:
        configure(GATEWAY_CONFIG=pointed_at(provider))
        by_default = direct()
        configure(GATEWAY_CONFIG=pointed_at(provider), ALLOW_DIRECT_KEYS="1")
        by_typo = direct()

    assert [response.status for response in (by_default, by_typo)] == [401, 401]
    assert by_default.json["error"]["code"] == "virtual_key_not_found"
    assert by_default.json["message"] == "this key is not known"
    assert provider.questions == []


@pytest.mark.parametrize("model", [MODEL, "rerank-v3.5", "one"])
def test_the_provider_gets_it_as_its_key(configure: Configure, model: str) -> None:
    """
    By the target's name, the vendor's own, or an alias of that provider's: never the operator's key.
    """
    with upstream(says(COHERE)) as provider:
        configure(GATEWAY_CONFIG=pointed_at(provider, NAMES), ALLOW_DIRECT_KEYS="true", COHERE_API_KEY="sk-operator")
        response = direct(model=model)

    assert response.status == 200
    assert [question.headers["authorization"] for question in provider.questions] == [f"Bearer {SECRET}"]


@pytest.mark.parametrize("status", [200, 400, 401, 403, 404, 429, 500])
def test_it_is_nowhere_told(configure: Configure, log: io.StringIO, status: int) -> None:
    """
    Neither the log nor the answer has the key or its hash, not even where the provider quotes it; and what the stranger
    did is not counted as the operator's.
    """
    body = COHERE if status == 200 else {"message": f"what about {SECRET}?"}
    with upstream(says(body, status)) as provider:
        configure(GATEWAY_CONFIG=pointed_at(provider), ALLOW_DIRECT_KEYS="true")
        response = direct()

    told = log.getvalue() + response.text + str(response.headers)
    assert SECRET not in told
    assert hash_of_token(SECRET) not in told
    line = json.loads(log.getvalue().splitlines()[-1])
    assert line["key"] == "direct"
    assert not {"Cost", "Attempts", "AttemptFailures", "ProviderCost", "ProviderLatency"} & set(line)


def test_what_the_operator_asks_is_counted(configure: Configure, log: io.StringIO) -> None:
    """
    The same request with a key of the gateway's has the metrics that a stranger's lacks.
    """
    with upstream(says(COHERE)) as provider:
        configure(GATEWAY_CONFIG=pointed_at(provider), ALLOW_DIRECT_KEYS="true", COHERE_API_KEY="sk-operator")
        rerank(model=MODEL)

    assert {"Cost", "Attempts"} <= set(json.loads(log.getvalue().splitlines()[-1]))


@pytest.mark.parametrize(
    ("status", "error"),
    [(401, (401, "direct_key_rejected")), (403, (403, "model_blocked")), (402, (403, "model_blocked"))],
)
def test_a_bad_one_is_its_callers_matter(configure: Configure, status: int, error: tuple[int, str]) -> None:
    """
    However often it is turned down: the operator's key goes on as before, in a closed circuit.
    """
    answers = [says({}, status)] * 8 + [says(COHERE)]
    with upstream(*answers) as provider:
        configure(GATEWAY_CONFIG=pointed_at(provider, NAMES), ALLOW_DIRECT_KEYS="true", COHERE_API_KEY="sk-operator")
        refused = [direct() for _ in range(8)]
        circuit, answer = by_target(health())[MODEL], rerank(model="two")

    assert {(response.status, response.json["type"]) for response in refused} == {error}
    assert (circuit["circuit"], circuit["failures"]) == ("closed", 0)
    assert (answer.status, len(answer.json["extra_fields"]["attempts"])) == (200, 1)
    assert provider.questions[-1].headers["authorization"] == "Bearer sk-operator"


def test_a_rejected_key_of_the_operators_is_no_strangers_matter(configure: Configure) -> None:
    """
    Nor the other way round: an open circuit tells of the operator's key.
    """
    answers = [says({}, 401)] * 5 + [says(COHERE)]
    with upstream(*answers) as provider:
        configure(GATEWAY_CONFIG=pointed_at(provider, NAMES), ALLOW_DIRECT_KEYS="true", COHERE_API_KEY="sk-operator")
        for _ in range(5):
            rerank(model=MODEL)

        answer = direct()

    assert by_target(health())[MODEL]["circuit"] == "open"
    assert (answer.status, len(answer.json["extra_fields"]["attempts"])) == (200, 1)


def test_nothing_is_cached_for_it(configure: Configure) -> None:
    """
    It gets no answer of another's, leaves none behind, and nobody else's is lost.
    """
    with upstream(says(COHERE)) as provider:
        configure(GATEWAY_CONFIG=pointed_at(provider), ALLOW_DIRECT_KEYS="true", COHERE_API_KEY="sk-operator")
        rerank(model=MODEL, cache=CACHE)
        strangers = [direct(token, cache=CACHE) for token in (SECRET, SECRET, "co-of-another-9876543210")]
        again = rerank(model=MODEL, cache=CACHE)

    assert ["x-gateway-cache" in response.headers for response in strangers] == [False, False, False]
    assert again.headers["x-gateway-cache"] == "hit"
    assert len(provider.questions) == 4


@pytest.mark.parametrize(
    ("changes", "param", "reason"),
    [
        ({"model": "two"}, "model", "'two' would ask others too"),
        ({"fallbacks": ["jina/jina-reranker-v3"]}, "fallbacks", "'jina/jina-reranker-v3' would ask others too"),
        ({"fallbacks": ["local/bm25"]}, "fallbacks", "'local/bm25' would ask others too"),
        (
            {"load_balancer": {"models": [{"model": MODEL, "weight": 1}, {"model": "tei/m", "weight": 1}]}},
            "model",
            "'tei/m' would ask others too",
        ),
        ({"model": "local/bm25"}, "model", "it takes none"),
        ({"model": "bedrock/amazon.rerank-v1:0"}, "model", "its requests are signed"),
        ({"model": "vertex/semantic-ranker-default-004"}, "model", "its requests are signed"),
        ({"model": "watsonx/m"}, "model", "its requests are signed"),
        ({"model": "tei/m"}, "model", "its servers may run without a key"),
        ({"model": "cloudflare/@cf/baai/bge-reranker-base"}, "model", "it needs settings that belong to the operator"),
    ],
)
def test_whom_it_is_not_for_is_refused(configure: Configure, changes: dict[str, Any], param: str, reason: str) -> None:
    """
    Any other provider, or one that takes no plain key: the message says why, and nobody is asked.
    """
    with upstream(says(COHERE)) as provider:
        configure(GATEWAY_CONFIG=pointed_at(provider, NAMES), ALLOW_DIRECT_KEYS="true", COHERE_API_KEY="sk-operator")
        response = direct(**changes)

    assert (response.status, response.json["type"], response.json["error"]["param"]) == (403, "model_blocked", param)
    assert reason in response.json["message"]
    assert provider.questions == []


@pytest.mark.parametrize("model", [MODEL, "one"])
def test_no_last_resort_answers_it(configure: Configure, model: str) -> None:
    """
    What the operator pays for, or computes, is for the operator's own callers.
    """
    with upstream(says({}, 500)) as provider:
        configure(GATEWAY_CONFIG=pointed_at(provider, NAMES), ALLOW_DIRECT_KEYS="true")

        assert direct(model=model).status == 502


def test_the_operators_contract_is_not_its_own(configure: Configure) -> None:
    """
    Terms that the operator has declared, and settings that name the operator, do not hold for a stranger.
    """
    config = '[providers.cohere]\nzdr = true\nurl = "{0}"\n[providers.prime]\nteam = "ours"\nurl = "{0}"'
    with upstream(says(COHERE)) as provider:
        configure(
            GATEWAY_CONFIG=config.format(provider.url), ALLOW_DIRECT_KEYS="true", COHERE_API_KEY="k", PRIME_API_KEY="k"
        )
        ours = [rerank(model=MODEL, provider={"zdr": True}), rerank(model="prime/m")]
        refused, asked = direct(provider={"zdr": True}), direct(model="prime/m")

    assert [response.status for response in (*ours, refused, asked)] == [200, 200, 404, 200]
    assert [question.headers.get("x-prime-team-id") for question in provider.questions] == [None, "ours", None]


@pytest.mark.parametrize(
    "headers",
    [
        {"authorization": "Bearer sk-rg-0123456789"},
        {"authorization": "Bearer sk-bf-0123456789"},
        {"x-bf-vk": SECRET},
        {"authorization": "Bearer short"},
        {"authorization": f"Bearer {SECRET}\u00e9"},
        {"authorization": f"Bearer {SECRET} and more"},
        {"authorization": f"Bearer {'k' * 4097}"},
        {"authorization": ""},
    ],
)
def test_what_is_meant_for_the_gateway_stays_here(configure: Configure, headers: dict[str, str]) -> None:
    """
    Its own keys, mistyped or gone, are shown to nobody, and neither is what can be no key.
    """
    with upstream(says(COHERE)) as provider:
        configure(GATEWAY_CONFIG=pointed_at(provider), ALLOW_DIRECT_KEYS="true")
        response = rerank(model=MODEL, headers=headers)

    assert (response.status, provider.questions) == (401, [])


def test_a_disabled_key_stays_here_too(embedded_aws: Any, configure: Configure) -> None:
    """
    The gateway knows it, so that it is nobody else's; while its table cannot be asked, nothing is passed on at all.
    """
    keys_table(embedded_aws)
    item = {"key_hash": {"S": hash_of_token(SECRET)}, "id": {"S": "a"}, "disabled": {"BOOL": True}}
    embedded_aws("dynamodb").put_item(TableName="keys", Item=item | {"models": {"SS": ["*"]}})
    with upstream(says(COHERE)) as provider:
        configure(GATEWAY_CONFIG=pointed_at(provider), ALLOW_DIRECT_KEYS="true", KEYS_TABLE="keys")
        disabled, unknown = direct(), direct("co-of-another-9876543210")
        configure(GATEWAY_CONFIG=pointed_at(provider), ALLOW_DIRECT_KEYS="true", KEYS_TABLE="no-such-table")
        unreachable = direct()

    assert (disabled.status, disabled.json["type"]) == (401, "virtual_key_blocked")
    assert (unknown.status, unreachable.status) == (200, 503)
    assert len(provider.questions) == 1


def test_it_submits_no_job(account: Account, configure: Configure) -> None:
    """
    A job would have to store it: the message says so, and nothing is queued.
    """
    configure(ALLOW_DIRECT_KEYS="true")

    response = account.submit(LEAST | {"model": MODEL}, {"authorization": f"Bearer {SECRET}"})

    assert (response.status, response.json["type"]) == (401, "virtual_key_not_found")
    assert "not by way of a job, which would have to store it" in response.json["message"]
    assert account.messages() == []


@pytest.mark.parametrize("name", ["models", "target_health"])
def test_it_tells_of_no_names(configure: Configure, name: str) -> None:
    """
    Which models and targets there are is for those who have a key of the gateway's.
    """
    configure(ALLOW_DIRECT_KEYS="true")
    request = event(name)
    request["headers"]["authorization"] = f"Bearer {SECRET}"

    assert invoke(request).status == 401
