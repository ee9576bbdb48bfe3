"""Documents that are images, from the event to the response."""

from __future__ import annotations

from typing import Any

import pytest

from tests.functions.apis import post
from tests.functions.conftest import Configure
from tests.functions.gateway import rerank
from tests.upstream import says, upstream

ADDRESS = "https://images.example/cat.png"
DOCUMENTS = [{"image": ADDRESS, "id": "cat"}, {"text": "a dog"}]
JINA = {"results": [{"index": 0, "relevance_score": 0.9}, {"index": 1, "relevance_score": 0.1}]}


def test_an_image_without_text_is_ranked_by_a_model_that_sees(configure: Configure) -> None:
    """
    The image goes to the provider, and the caller gets its own document back.
    """
    with upstream(says(JINA)) as provider:
        configure(GATEWAY_CONFIG=f'[providers.jina]\nurl = "{provider.url}"', JINA_API_KEY="k")
        response = rerank(model="jina/jina-reranker-m0", documents=DOCUMENTS, return_documents=True)

    assert response.status == 200
    assert provider.questions[0].json["documents"][0] == {"image": ADDRESS}
    assert response.json["results"][0]["document"] == DOCUMENTS[0]


@pytest.mark.parametrize(
    ("model", "documents", "error"),
    [
        ("local/bm25", DOCUMENTS, "provider_refused_request"),
        ("local/bm25", [{"image": "http://images.example/cat.png"}], "invalid_request"),
    ],
)
def test_an_image_that_nobody_could_see_is_refused(model: str, documents: object, error: str) -> None:
    """
    It would be ranked as an empty text otherwise.
    """
    response = rerank(model=model, documents=documents)

    assert (response.status, response.json["error"]["code"]) == (400, error)


OBJECT_APIS = {
    "rerank": "documents",
    "cohere": "documents",
    "openrouter": "documents",
    "orq": "documents",
    "mixedbread": "input",
    "pinecone": "documents",
}
"""The APIs whose documents may be objects, and what they call them."""
COHERE = {"results": [{"index": 0, "relevance_score": 0.9}, {"index": 1, "relevance_score": 0.1}]}


def documents_of(name: str) -> dict[str, Any]:
    """The fields of the API's event that make its documents images, and nobody but its model be asked."""
    return {"top_n": None, "top_k": None, "rank_fields": None, "orq": None, OBJECT_APIS[name]: DOCUMENTS}


@pytest.mark.parametrize("name", OBJECT_APIS)
def test_every_api_with_object_documents_passes_images_on(name: str, configure: Configure) -> None:
    """
    The provider sees the image, whichever API the caller speaks.
    """
    with upstream(says(JINA)) as provider:
        configure(GATEWAY_CONFIG=f'[providers.jina]\nurl = "{provider.url}"', JINA_API_KEY="k")
        response = post(name, **documents_of(name), model="jina/jina-reranker-m0")

    assert response.status == 200
    assert provider.questions[0].json["documents"][0] == {"image": ADDRESS}


@pytest.mark.parametrize("name", OBJECT_APIS)
def test_an_image_alone_is_refused_where_nobody_sees(name: str) -> None:
    """
    In no API is it ranked as an empty text.
    """
    response = post(name, **documents_of(name), model="local/bm25")

    assert response.status == 400


def test_pinecones_clients_always_name_the_text(configure: Configure) -> None:
    """
    `rank_fields: ["text"]` is what they send when nobody chose any: the image is still seen.
    """
    with upstream(says(JINA)) as provider:
        configure(GATEWAY_CONFIG=f'[providers.jina]\nurl = "{provider.url}"', JINA_API_KEY="k")
        response = post("pinecone", model="jina/jina-reranker-m0", documents=DOCUMENTS, rank_fields=["text"], top_n=2)

    assert response.status == 200
    assert provider.questions[0].json["documents"][0] == {"image": ADDRESS}


def test_an_image_that_was_not_looked_at_is_named(configure: Configure) -> None:
    """
    The text beside it was ranked alone, and the caller is told so, also when the answer was remembered.
    """
    asked: dict[str, Any] = {
        "model": "cohere/rerank-v3.5",
        "documents": ["a dog", {"text": "a cat", "image": ADDRESS}],
        "cache": {"ttl": 60},
    }
    with upstream(says(COHERE)) as provider:
        configure(GATEWAY_CONFIG=f'[providers.cohere]\nurl = "{provider.url}"', COHERE_API_KEY="k")
        first, again = rerank(**asked, tpo_n=1), rerank(**asked)

    assert provider.questions[0].json["documents"] == ["a dog", "a cat"]
    assert first.headers["x-gateway-warnings"] == "ignored: tpo_n; no effect at cohere: documents[1].image"
    assert (again.headers["x-gateway-cache"], again.headers["x-gateway-warnings"]) == (
        "hit",
        "no effect at cohere: documents[1].image",
    )


def test_an_image_that_was_seen_is_no_warning(configure: Configure) -> None:
    """
    Only what had no effect is told.
    """
    with upstream(says(JINA)) as provider:
        configure(GATEWAY_CONFIG=f'[providers.jina]\nurl = "{provider.url}"', JINA_API_KEY="k")
        response = rerank(model="jina/jina-reranker-m0", documents=DOCUMENTS)

    assert "x-gateway-warnings" not in response.headers
