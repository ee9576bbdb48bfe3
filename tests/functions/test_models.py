"""GET /v1/models, GET /v1/models/{id} and GET /health."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from rerank_gateway import __version__
from rerank_gateway.domain.keys import hash_of_token
from tests.cross_encoders import write
from tests.functions.conftest import Configure
from tests.functions.gateway import LEAST, Response, event, invoke, rerank
from tests.tables import keys_table

CONFIG = """
[aliases.best]
targets = ["jina/jina-reranker-m0", "cohere/my-own-model"]
last_resort = "local/bm25"
[aliases.nobody]
targets = ["voyage/rerank-2.5"]
[providers.tei]
url = "http://127.0.0.1:1"
"""


@pytest.fixture(autouse=True)
def nothing_at_hand(monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither keys of providers nor AWS credentials."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    for name in ("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE", "BOTO_CONFIG"):
        monkeypatch.setenv(name, "/nowhere")
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    for name in ("COHERE_API_KEY", "JINA_API_KEY", "VOYAGE_API_KEY"):
        monkeypatch.delenv(name, raising=False)


def listed(key: str = "sk-local") -> dict[str, Any]:
    """What the list has, by id."""
    request = event("models")
    request["headers"]["authorization"] = f"Bearer {key}"
    response = invoke(request)

    assert (response.status, response.json["object"]) == (200, "list")

    return {model["id"]: model for model in response.json["data"]}


def one(name: str) -> Response:
    return invoke(event("models") | {"routeKey": "GET /v1/models/{id+}", "pathParameters": {"id": name}})


def test_without_keys_there_is_what_runs_in_the_gateway() -> None:
    """
    Nobody else could be asked.
    """
    assert list(listed()) == ["default", "local/bm25"]


def test_a_cross_encoder_in_the_gateway_is_listed(configure: Configure, tmp_path: Path) -> None:
    """
    It can be asked like local/bm25, and without one its name says what is missing.
    """
    absent = rerank({**LEAST, "model": "local/cross-encoder"})
    configure(CPU_MODEL=str(write(tmp_path)))

    assert list(listed()) == ["default", "local/bm25", "local/cross-encoder"]
    assert rerank({**LEAST, "model": "local/cross-encoder"}).status == 200
    assert "CPU_MODEL" in absent.text


def test_the_list_has_whom_one_can_ask(configure: Configure) -> None:
    """
    Aliases and what they name first, then the models of every provider that has a key; what lacks one is left out.
    """
    configure(GATEWAY_CONFIG=CONFIG, COHERE_API_KEY="k")

    names = list(listed())

    assert names[:4] == ["default", "best", "local/bm25", "cohere/my-own-model"]
    assert "cohere/rerank-v3.5" in names
    assert not [name for name in names if name.startswith(("jina/", "voyage/", "bedrock/")) or name == "nobody"]


def test_a_model_has_its_price_its_limits_and_what_it_sees(configure: Configure) -> None:
    """
    An alias has those of the first target that can be asked, and what nobody knows is left out.
    """
    configure(GATEWAY_CONFIG=CONFIG, COHERE_API_KEY="k", JINA_API_KEY="k")

    models = listed()

    assert models["cohere/rerank-v3.5"]["owned_by"] == "cohere"
    assert models["cohere/rerank-v3.5"]["pricing"] == {"per_search": 0.002, "per_million_tokens": 0.0}
    assert models["cohere/rerank-v3.5"]["input_modalities"] == ["text"]
    assert models["cohere/rerank-v3.5"]["limits"]["documents"] >= 1000
    assert models["best"]["targets"] == ["jina/jina-reranker-m0", "cohere/my-own-model"]
    assert models["best"]["input_modalities"] == ["text", "image"]
    assert models["default"] == {
        "id": "default",
        "object": "model",
        "model_type": "rerank",
        "owned_by": "alias",
        "targets": ["local/bm25"],
        "input_modalities": ["text"],
        "pricing": {"per_search": 0.0, "per_million_tokens": 0.0},
    }


def test_a_key_sees_what_it_allows(embedded_aws: Any, configure: Configure) -> None:
    """
    Everything else would be a 403.
    """
    globs = {"SS": ["cohere/rerank-v4*", "default"]}
    keys_table(embedded_aws)
    embedded_aws("dynamodb").put_item(
        TableName="keys",
        Item={"key_hash": {"S": hash_of_token("sk-team")}, "id": {"S": "team"}, "models": globs},
    )
    configure(KEYS_TABLE="keys", COHERE_API_KEY="k")

    names = list(listed("sk-team"))

    assert names[0] == "default"
    assert {name.partition("-v4")[0] for name in names[1:]} == {"cohere/rerank"}


def test_a_server_of_ones_own_is_listed_by_the_names_it_has_in_aliases(configure: Configure) -> None:
    """
    Nobody else knows which model runs there.
    """
    configure(GATEWAY_CONFIG='[aliases.mine]\ntargets = ["tei/m"]\n[providers.tei]\nurl = "http://127.0.0.1:1"')

    assert list(listed()) == ["default", "mine", "local/bm25", "tei/m"]


def test_one_model_can_be_looked_at(configure: Configure) -> None:
    """
    Slashes and all; also one that no list has, as its provider may know it.
    """
    configure(COHERE_API_KEY="k")

    assert one("cohere/rerank-v3.5").json == listed()["cohere/rerank-v3.5"]
    assert one("cohere/some/new-one").json["id"] == "cohere/some/new-one"
    assert one("default").json["owned_by"] == "alias"
    assert {one(name).status for name in ("default", "cohere/rerank-v3.5")} == {200}


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("nobody/m", "there is no provider 'nobody'"),
        ("local/other", "the local models are bm25 and cross-encoder"),
        ("cohere/rerank-v3.5", "set COHERE_API_KEY or CO_API_KEY"),
        ("vllm/m", "set url in [providers.vllm]"),
        ("vertex/m", "lacks project"),
        ("bedrock/amazon.rerank-v1:0", "set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE"),
    ],
)
def test_who_cannot_be_asked_says_what_is_missing(name: str, message: str, configure: Configure) -> None:
    """
    A 404 with the setting, when it is looked at and when it is to rank.
    """
    configure(AWS_REGION="eu-west-1")

    looked_at, asked = one(name), rerank(model=name)

    assert (looked_at.status, asked.status) == (404, 404)
    assert message in looked_at.json["error"]["message"]
    assert message in asked.json["error"]["message"]


def test_a_stack_says_which_entry_its_secret_lacks(embedded_aws: Any, configure: Configure) -> None:
    """
    There, keys are not in the environment.
    """
    arn = embedded_aws("secretsmanager").create_secret(Name="models", SecretString='{"jina": "k"}')["ARN"]
    configure(PROVIDER_SECRETS_ARN=arn)

    response = rerank(model="cohere/rerank-v3.5")

    assert "set cohere in the secret of the providers' keys" in response.json["error"]["message"]
    assert "jina/jina-reranker-m0" in listed()


@pytest.mark.parametrize("name", ["GET /v1/models", "GET /v1/models/{id+}"])
def test_models_wants_a_key(name: str) -> None:
    """
    What a gateway can reach is not for strangers.
    """
    request = event("models") | {"routeKey": name, "pathParameters": {"id": "default"}}
    del request["headers"]["authorization"]

    assert invoke(request).status == 401


def test_health_wants_none() -> None:
    """
    A monitor has no key.
    """
    response = invoke(event("health"))

    assert (response.status, response.json) == (200, {"status": "ok", "version": __version__})
