"""Documents that are images, from the event to the response."""

from __future__ import annotations

import pytest

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
