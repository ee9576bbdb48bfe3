"""The gateway's keys for providers: where they come from and which one is drawn."""

from __future__ import annotations

import json
from collections import Counter
from random import Random
from typing import Any

import pytest

from rerank_gateway.adapters.aws.json_api import SECRETS_MANAGER
from rerank_gateway.adapters.aws.secrets_manager import Secret
from rerank_gateway.adapters.cache.ttl_cache import TtlCache
from rerank_gateway.adapters.credentials.key_ring import KeyRing, ProviderKey, read_keys
from rerank_gateway.adapters.credentials.provider_keys import EnvironmentKeys, SecretKeys
from rerank_gateway.adapters.providers import registry
from rerank_gateway.domain.errors import Unavailable
from tests.embedded_aws import aws_api
from tests.fakes import FakeClock


def key_variables(provider: str) -> tuple[str, ...]:
    return registry.provider(provider).key_variables


def secret_keys(client: Any, text: str) -> SecretKeys:
    arn = client("secretsmanager").create_secret(Name="providers", SecretString=text)["ARN"]

    return SecretKeys(Secret(arn, aws_api(SECRETS_MANAGER), TtlCache(300.0, FakeClock())))


def test_the_secret_holds_one_or_several_keys_a_provider(embedded_aws: Any) -> None:
    """
    A string, a list, or a list with weights.
    """
    held = {"cohere": "a", "jina": ["b", {"key": " c ", "weight": 2}], "voyage": None}
    source = secret_keys(embedded_aws, json.dumps(held))

    assert source("cohere") == [ProviderKey("a")]
    assert source("jina") == [ProviderKey("b"), ProviderKey("c", 2.0, 2)]
    assert source("voyage") == source("tei") == []


def test_a_clouds_account_is_a_key() -> None:
    """
    What Google and Oracle hand out is JSON: in a variable it is one key, commas and all, and in the secret an object.
    """
    account = {"type": "service_account", "private_key": "a,b"}
    source = EnvironmentKeys({"GOOGLE_APPLICATION_CREDENTIALS": json.dumps(account)}, key_variables)

    assert source("vertex") == read_keys(account) == [ProviderKey(json.dumps(account))]


@pytest.mark.parametrize(
    "text", ["not json", "[]", '{"cohere": 5}', '{"cohere": ["", "k"]}', '{"cohere": {"key": "secret", "weight": -1}}']
)
def test_a_secret_that_cannot_be_read_is_not_quoted(embedded_aws: Any, text: str) -> None:
    """
    The error says whose keys are meant, and nothing of what stands there.
    """
    with pytest.raises(Unavailable) as told:
        secret_keys(embedded_aws, text)("cohere")

    assert told.value.message == "the gateway's keys for cohere cannot be read"
    assert told.value.__cause__ is None
    assert told.value.__suppress_context__


def test_a_secret_out_of_reach_is_told_as_such(embedded_aws: Any) -> None:
    """
    An outage of ours is no missing key.
    """
    with pytest.raises(Unavailable, match="secret store"):
        SecretKeys(
            Secret("no-such-secret", aws_api(SECRETS_MANAGER, what="the secret store"), TtlCache(300.0, FakeClock()))
        )("cohere")


def test_the_environment_has_the_names_that_providers_users_know() -> None:
    """
    The first variable that is set counts, and commas part several keys.
    """
    source = EnvironmentKeys({"CO_API_KEY": "a, b,", "COHERE_API_KEY": "", "JINA_API_KEY": "c"}, key_variables)

    assert source("cohere") == [ProviderKey("a"), ProviderKey("b", number=2)]
    assert source("jina") == [ProviderKey("c")]
    assert source("voyage") == []


def taken(ring: KeyRing) -> str:
    """The value of a key of Cohere's."""
    key = ring.take("cohere")
    assert key

    return key.value


def test_keys_are_drawn_by_weight() -> None:
    """
    A key with twice the weight has twice the share.
    """
    ring = KeyRing(lambda _: [ProviderKey("a"), ProviderKey("b", 2.0)], FakeClock(), Random(3))

    drawn = Counter(taken(ring) for _ in range(3000))

    assert 900 < drawn["a"] < 1100


def test_a_resting_key_is_passed_over_until_it_is_the_only_one() -> None:
    """
    A key that was turned down rests for at least half a minute, but never so that nobody is left.
    """
    clock = FakeClock()
    ring = KeyRing(lambda _: [ProviderKey("a"), ProviderKey("b")], clock, Random(3))

    assert ring.cool_down("cohere", "a", seconds=None)
    assert {taken(ring) for _ in range(50)} == {"b"}
    assert not ring.cool_down("cohere", "b", seconds=90.0)
    assert {taken(ring) for _ in range(50)} == {"a", "b"}
    clock.sleep(31)
    assert {taken(ring) for _ in range(50)} == {"a"}


def test_a_key_does_not_show_itself() -> None:
    """
    Neither a log nor a traceback that prints the value gives the key away.
    """
    assert "secret" not in repr(ProviderKey("secret"))
