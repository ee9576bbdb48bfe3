"""GET /v1/models and GET /health."""

from __future__ import annotations

from tests.functions.conftest import Configure
from tests.functions.gateway import event, invoke

CONFIG = """
[aliases.best]
targets = ["cohere/rerank-v3.5", "jina/jina-reranker-v3"]
last_resort = "local/bm25"
"""


def test_models_lists_aliases_and_their_targets(configure: Configure) -> None:
    """
    What the configuration names is what one can choose from, in the shape of OpenAI's list.
    """
    configure(GATEWAY_CONFIG=CONFIG)

    response = invoke(event("models"))

    assert response.status == 200
    assert response.json["object"] == "list"
    assert [(model["id"], model["owned_by"]) for model in response.json["data"]] == [
        ("best", "alias"),
        ("cohere/rerank-v3.5", "cohere"),
        ("jina/jina-reranker-v3", "jina"),
        ("local/bm25", "local"),
    ]


def test_models_wants_a_key() -> None:
    """
    What a gateway can reach is not for strangers.
    """
    request = event("models")
    del request["headers"]["authorization"]

    assert invoke(request).status == 401


def test_health_wants_none() -> None:
    """
    A monitor has no key.
    """
    response = invoke(event("health"))

    assert (response.status, response.json) == (200, {"status": "ok"})
