"""Keys, secrets and configuration out of AWS, through the function."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest

from rerank_gateway.domain.keys import hash_of_token
from rerank_gateway.entry import observability
from tests.functions.conftest import Configure
from tests.functions.gateway import rerank
from tests.tables import keys_table
from tests.upstream import says, upstream


@pytest.fixture
def log(monkeypatch: pytest.MonkeyPatch) -> io.StringIO:
    stream = io.StringIO()
    monkeypatch.setattr(observability.logger.registered_handler, "stream", stream)

    return stream


def put_key(embedded_aws: Any, configure: Configure, changes: dict[str, Any]) -> None:
    """A record for sk-a that allows everything, with *changes*; None leaves an attribute out."""
    keys_table(embedded_aws)
    item = {"key_hash": {"S": hash_of_token("sk-a")}, "id": {"S": "a"}, "models": {"SS": ["*"]}, **changes}
    kept = {name: value for name, value in item.items() if value is not None}
    embedded_aws("dynamodb").put_item(TableName="keys", Item=kept)
    configure(KEYS_TABLE="keys")


def test_the_stacks_own_key_and_the_providers_come_out_of_secrets(embedded_aws: Any, configure: Configure) -> None:
    """
    A deployed stack: no literal key, the configuration in a parameter, the provider's key in the secret.
    """
    secrets = embedded_aws("secretsmanager")
    master = secrets.create_secret(Name="master", SecretString="sk-stack")["ARN"]
    providers = secrets.create_secret(Name="providers", SecretString=json.dumps({"tei": "sk-tei"}))["ARN"]

    with upstream(says([{"index": i, "score": i / 10} for i in range(3)])) as provider:
        config = f'[providers.tei]\nurl = "{provider.url}"'
        embedded_aws("ssm").put_parameter(Name="/stack/config", Value=config, Type="SecureString", Overwrite=True)
        configure(
            MASTER_KEY="", MASTER_KEY_ARN=master, PROVIDER_SECRETS_ARN=providers, GATEWAY_CONFIG="ssm:/stack/config"
        )
        response = rerank(model="tei/m", headers={"authorization": "Bearer sk-stack"})

    assert response.status == 200
    assert provider.questions[0].headers["authorization"] == "Bearer sk-tei"
    assert rerank(headers={"authorization": "Bearer sk-local"}).status == 401


def test_a_provider_of_the_operators_has_a_key_under_its_own_name(configure: Configure) -> None:
    """
    NAME_API_KEY is the key of a provider that is `like` another, whose own variables are for itself only.
    """
    with upstream(says({"results": [{"index": i, "relevance_score": i / 10} for i in range(3)]})) as provider:
        config = f'[providers.small-gpu]\nlike = "vllm"\nurl = "{provider.url}"'
        configure(GATEWAY_CONFIG=config, SMALL_GPU_API_KEY="sk-small", VLLM_API_KEY="sk-vllm")
        response = rerank(model="small-gpu/m")

    assert response.status == 200
    assert provider.questions[0].headers["authorization"] == "Bearer sk-small"


def test_a_virtual_key_may_ask_for_its_models_only(embedded_aws: Any, configure: Configure) -> None:
    """
    A key out of the table works for what its globs cover, and gets a 403 that names the rest.
    """
    keys_table(embedded_aws)
    item = {"key_hash": {"S": hash_of_token("sk-bf-a")}, "id": {"S": "a"}, "models": {"SS": ["cohere/*", "default"]}}
    embedded_aws("dynamodb").put_item(TableName="keys", Item=item)
    configure(KEYS_TABLE="keys")

    allowed = rerank(model="default", headers={"x-bf-vk": "sk-bf-a"})
    refused = rerank(model="local/bm25", headers={"x-bf-vk": "sk-bf-a"})

    assert allowed.status == 200
    assert (refused.status, refused.json["type"]) == (403, "model_blocked")
    assert "local/bm25" in refused.json["message"]


@pytest.mark.parametrize(("models", "status"), [(["cohere/*"], 404), (["cohere/*", "local/*"], 200)])
def test_a_keys_models_bind_the_last_resort(
    embedded_aws: Any, configure: Configure, models: list[str], status: int
) -> None:
    """
    A key without the last resort gets its model's failure; one with it, an answer.
    """
    keys_table(embedded_aws)
    item = {"key_hash": {"S": hash_of_token("sk-bf-a")}, "id": {"S": "a"}, "models": {"SS": models}}
    embedded_aws("dynamodb").put_item(TableName="keys", Item=item)
    configure(KEYS_TABLE="keys", GATEWAY_CONFIG='last_resort = "local/bm25"')

    assert rerank(model="cohere/rerank-v3.5", headers={"x-bf-vk": "sk-bf-a"}).status == status


def test_an_outage_of_the_key_store_is_503(embedded_aws: Any, configure: Configure) -> None:
    """
    A good key is not called a bad one: its caller can come back.
    """
    configure(KEYS_TABLE="no-such-table")

    response = rerank(headers={"authorization": "Bearer sk-bf-a"})

    assert (response.status, response.json["error"]["code"]) == (503, "temporarily_unavailable")
    assert response.headers["retry-after"] == "1"


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"id": None}, "id"),
        ({"id": {"S": ""}}, "id"),
        ({"id": {"N": "7"}}, "id"),
        ({"id": {"S": "master"}}, "id"),
        ({"name": {"N": "7"}}, "name"),
        ({"models": {"S": "*"}}, "models"),
        ({"models": {"L": [{"N": "7"}]}}, "models"),
        ({"expires_at": {"S": "2099-01-01"}}, "expires_at"),
        ({"expires_at": {"BOOL": False}}, "expires_at"),
        ({"team": {"N": "7"}}, "team"),
        ({"requests_per_minute": {"S": "100"}}, "requests_per_minute"),
        ({"requests_per_minute": {"N": "-1"}}, "requests_per_minute"),
        ({"documents_per_minute": {"N": "0.5"}}, "documents_per_minute"),
        ({"limit": {"S": "5"}}, "limit"),
        ({"limit": {"N": "-5"}}, "limit"),
        ({"limit_reset": {"S": "hourly"}}, "limit_reset"),
        ({"admin": {"S": "yes"}}, "admin"),
    ],
)
def test_a_record_that_cannot_be_read_is_no_key(
    embedded_aws: Any, configure: Configure, log: io.StringIO, changes: dict[str, Any], fault: str
) -> None:
    """
    The caller gets a clear refusal, the operator the attribute that is at fault; nobody gets a 500.
    """
    put_key(embedded_aws, configure, changes)

    refused = rerank(headers={"x-bf-vk": "sk-a"})

    assert (refused.status, refused.json["type"]) == (401, "virtual_key_blocked")
    assert json.loads(log.getvalue())["key_fault"] == fault


@pytest.mark.parametrize(
    "disabled", [{"BOOL": True}, {"S": "true"}, {"S": "false"}, {"N": "1"}, {"N": "0"}, {"L": []}, {"M": {}}]
)
def test_whatever_is_not_plainly_enabled_is_disabled(
    embedded_aws: Any, configure: Configure, disabled: dict[str, Any]
) -> None:
    """
    A key fails closed: text or numbers are no way to say false.
    """
    put_key(embedded_aws, configure, {"disabled": disabled})

    assert rerank(headers={"x-bf-vk": "sk-a"}).json["message"] == "this key is disabled"


@pytest.mark.parametrize("disabled", [None, {"BOOL": False}, {"NULL": True}])
def test_a_key_that_is_not_disabled_works(
    embedded_aws: Any, configure: Configure, disabled: dict[str, Any] | None
) -> None:
    """
    Nothing, null and false are the three ways to say so.
    """
    put_key(embedded_aws, configure, {"disabled": disabled})

    assert rerank(headers={"x-bf-vk": "sk-a"}).status == 200
