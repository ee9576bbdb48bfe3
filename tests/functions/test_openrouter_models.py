"""GET /api/v1/models."""

from __future__ import annotations

from typing import Any

import pytest

from tests.functions.conftest import Configure
from tests.functions.gateway import Response, event, invoke

CONFIG = """
[aliases.seeing]
targets = ["jina/jina-reranker-m0"]
[aliases.own]
targets = ["vllm/bge"]
[providers.vllm]
url = "http://127.0.0.1:1"
"""


def asked(key: str = "sk-local", **query: str) -> Response:
    request = event("models") | {"routeKey": "GET /api/v1/models", "queryStringParameters": query}
    request["headers"]["authorization"] = f"Bearer {key}"

    return invoke(request)


@pytest.fixture
def models(configure: Configure) -> dict[str, Any]:
    """What the list has, by id."""
    configure(GATEWAY_CONFIG=CONFIG, JINA_API_KEY="j", COHERE_API_KEY="c")
    response = asked()

    assert (response.status, response.json["total_count"]) == (200, len(response.json["data"]))

    return {model["id"]: model for model in response.json["data"]}


def test_it_has_what_the_other_list_has(models: dict[str, Any]) -> None:
    """
    Only the words differ.
    """
    assert list(models) == [model["id"] for model in invoke(event("models")).json["data"]]


def test_what_a_model_takes(models: dict[str, Any]) -> None:
    """
    Those that see images say so, aliases as the first target behind them.
    """
    modalities = {name: models[name]["architecture"]["modality"] for name in ("seeing", "local/bm25")}

    assert modalities == {"seeing": "text+image->rerank", "local/bm25": "text->rerank"}


def test_prices_are_decimals_for_one_token_and_one_search(models: dict[str, Any]) -> None:
    """
    Never in the notation with an exponent, and -1 where nobody knows.
    """
    assert models["cohere/rerank-v3.5"]["pricing"] == {"prompt": "0", "completion": "0", "request": "0.002"}
    assert models["jina/jina-reranker-v2-base-multilingual"]["pricing"]["prompt"] == "0.00000005"
    assert models["own"]["pricing"] == {"prompt": "-1", "completion": "-1"}


def test_a_long_list_comes_in_pages() -> None:
    """
    Each says where the next one is; nobody who goes on goes in circles.
    """
    first, last = asked(limit="1").json, asked(limit="1", offset="1").json

    assert [model["id"] for page in (first, last) for model in page["data"]] == ["default", "local/bm25"]
    assert [page["links"]["next"] for page in (first, last)] == ["/api/v1/models?offset=1&limit=1", None]
    assert asked(offset="2").json["data"] == []


def test_what_is_no_page_is_refused() -> None:
    """
    As in the lists of keys.
    """
    response = asked(limit="0")

    assert (response.status, response.json["error"]["message"]) == (400, "limit must be an integer from 1 to 500")


def test_its_errors_are_openrouter_s() -> None:
    """
    With a number for a code.
    """
    response = asked(key="wrong")

    assert (response.status, response.json["error"]["code"]) == (401, 401)
