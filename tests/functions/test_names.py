"""Names that are no aliases and name no provider: vendors' own, and none at all."""

from __future__ import annotations

from typing import Any

import pytest

from rerank_gateway.domain.keys import hash_of_token
from tests.functions.account import Account
from tests.functions.apis import NAMES, post
from tests.functions.conftest import Configure
from tests.functions.gateway import LEAST, rerank
from tests.functions.rankers import ranker
from tests.tables import keys_table

JINA = "jina-reranker-v2-base-multilingual"
BGE = "BAAI/bge-reranker-v2-m3"


def at(provider: Any, *names: str, more: str = "") -> str:
    return more + "".join(f'\n[providers.{name}]\nurl = "{provider.url}"' for name in names)


def test_a_vendors_bare_name_is_the_one_providers_that_has_it(configure: Configure) -> None:
    """
    LibreChat sends Jina's name, and knows of no provider.
    """
    with ranker() as provider:
        configure(GATEWAY_CONFIG=at(provider, "jina"), JINA_API_KEY="k")
        response = rerank(model=JINA)

    assert (response.status, response.json["extra_fields"]["provider"]) == (200, "jina")
    assert provider.requests[0]["model"] == JINA


@pytest.mark.parametrize("name", NAMES)
def test_every_api_knows_bare_names(configure: Configure, name: str) -> None:
    """
    And names with a slash in them whose first part is no provider.
    """
    with ranker() as provider:
        configure(GATEWAY_CONFIG=at(provider, "siliconflow"), SILICONFLOW_API_KEY="k")
        response = post(name, model=BGE, top_n=None, top_k=None)

    assert response.status == 200
    assert [asked["model"] for asked in provider.requests] == [BGE]


def test_fallbacks_and_a_load_balancer_have_bare_names_too(configure: Configure) -> None:
    """
    Wherever a request names a model.
    """
    with ranker() as provider:
        configure(GATEWAY_CONFIG=at(provider, "jina"), JINA_API_KEY="k")
        fallen_back = rerank(model="cohere/rerank-v3.5", fallbacks=[JINA])
        drawn = rerank(model="bm25", load_balancer={"models": [{"model": JINA, "weight": 1}]})

    providers = [response.json["extra_fields"]["provider"] for response in (fallen_back, drawn)]
    assert providers == ["jina", "jina"]


def test_an_alias_of_that_name_wins(configure: Configure) -> None:
    """
    An alias may have any name.
    """
    configure(GATEWAY_CONFIG=f'[aliases."{JINA}"]\ntargets = ["local/bm25"]', JINA_API_KEY="k")

    assert rerank(model=JINA).json["extra_fields"]["provider"] == "local"


def test_several_providers_are_named_for_the_caller_to_choose(configure: Configure) -> None:
    """
    Nobody is asked whom the caller may not have meant.
    """
    name = "Qwen/Qwen3-Reranker-8B"
    configure(SILICONFLOW_API_KEY="k", DEEPINFRA_API_KEY="k")

    response = rerank(model=name)

    assert (response.status, response.json["error"]["param"]) == (404, "model")
    assert response.json["message"].endswith(f"say which, of deepinfra/{name}, siliconflow/{name}")


def test_one_vendors_apis_are_no_choice(configure: Configure) -> None:
    """
    Cohere's key is good for both of its versions, and the newer one is asked.
    """
    with ranker() as provider:
        configure(GATEWAY_CONFIG=at(provider, "cohere", "cohere_v1"), COHERE_API_KEY="k")
        response = rerank(model="rerank-v3.5")

    assert response.json["extra_fields"]["provider"] == "cohere"


def test_a_name_whose_provider_has_no_key_says_whose_it_is() -> None:
    """
    So that the operator knows what to set.
    """
    response = rerank(model=JINA)

    assert response.status == 404
    assert response.json["message"] == f"no provider that has {JINA!r} has a key here: jina/{JINA}"


@pytest.mark.parametrize("name", ["jina-reranker-v2-base-multilingaul", "nobody/m"])
def test_a_typo_in_a_name_does_not_pass(name: str, configure: Configure) -> None:
    """
    What nobody lists is nobody's.
    """
    configure(JINA_API_KEY="k")

    assert rerank(model=name).status == 404


@pytest.mark.parametrize(("models", "status"), [(["jina/*"], 200), ([JINA], 403), (["cohere/*"], 403)])
def test_a_key_is_bound_to_whom_the_name_stands_for(
    embedded_aws: Any, configure: Configure, models: list[str], status: int
) -> None:
    """
    A bare name is no way around a key's models.
    """
    keys_table(embedded_aws)
    item = {"key_hash": {"S": hash_of_token("sk-a")}, "id": {"S": "a"}, "models": {"SS": models}}
    embedded_aws("dynamodb").put_item(TableName="keys", Item=item)

    with ranker() as provider:
        configure(KEYS_TABLE="keys", GATEWAY_CONFIG=at(provider, "jina"), JINA_API_KEY="k")
        response = rerank(model=JINA, headers={"x-bf-vk": "sk-a"})

    assert response.status == status


@pytest.mark.parametrize(("name", "asked"), [("default", None), ("mxbai-rerank-large-v2", "mixedbread-ai/{}")])
def test_what_dify_writes_before_names_at_mixedbread_is_no_hindrance(
    configure: Configure, name: str, asked: str | None
) -> None:
    """
    An alias or a bare name stands behind it.
    """
    with ranker() as provider:
        configure(GATEWAY_CONFIG=at(provider, "mixedbread"), MXBAI_API_KEY="k")
        response = post("mixedbread", model=f"mixedbread-ai/{name}", top_k=None)

    assert response.status == 200
    assert [request["model"] for request in provider.requests] == ([asked.format(name)] if asked else [])


@pytest.mark.parametrize("path", ["/v1/rerank", "/rerank", "/vllm/rerank"])
def test_without_a_model_the_operators_default_ranks(configure: Configure, path: str) -> None:
    """
    Milvus names none. The caller is told who was meant.
    """
    configure(GATEWAY_CONFIG='[aliases.default]\ntargets = ["local/bm25"]')

    response = post("rerank", path=path, model=None)

    assert (response.status, response.json["extra_fields"]["model_requested"]) == (200, "default")
    assert response.headers["x-gateway-warnings"] == "read: default as model"


def test_without_an_alias_for_it_a_model_is_required() -> None:
    """
    The built-in one does not stand in for a model that was forgotten.
    """
    response = post("rerank", model=None)

    assert (response.status, response.json["message"]) == (400, "model is required")
    assert (response.json["error"]["param"], response.json["error"]["code"]) == ("model", "invalid_request")


def test_a_job_knows_the_same_names(account: Account, configure: Configure) -> None:
    """
    What is refused is refused at once, and what is taken on is ranked by whom it means.
    """
    refused = account.submit({key: value for key, value in LEAST.items() if key != "model"})
    configure(GATEWAY_CONFIG='[aliases.default]\ntargets = ["local/bm25"]')
    made = [account.submit({**LEAST, "model": name}).json["id"] for name in (None, "bm25")]
    account.work()

    results = [account.poll(job).json["result"]["extra_fields"]["provider"] for job in made]
    assert (refused.status, results) == (400, ["local", "local"])


def test_the_answer_names_whom_a_bare_name_stands_for() -> None:
    """
    As if that had been asked for.
    """
    assert rerank(model="bm25").json["extra_fields"]["model_requested"] == "local/bm25"
