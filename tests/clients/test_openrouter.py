"""OpenRouter's client."""

from __future__ import annotations

from typing import Any

import pytest
from openrouter import OpenRouter, errors

DOCUMENTS = ["red pears", "green apples", "an apple"]


def rerank(gateway: str, key: str = "sk-local", **changes: Any) -> Any:
    client = OpenRouter(server_url=f"{gateway}/api/v1", api_key=key)
    asked = {"model": "local/bm25", "query": "green apples", "documents": DOCUMENTS}

    return client.rerank.rerank(**{**asked, **changes})


def test_a_ranking_with_documents(gateway: str) -> None:
    """
    Documents are there without being asked for, as the client has no word for asking.
    """
    response = rerank(gateway, top_n=2)

    assert [row.index for row in response.results] == [1, 2]
    assert [row.document.text for row in response.results] == ["green apples", "an apple"]
    assert (response.model, response.provider) == ("local/bm25", "local")
    assert (response.usage.total_tokens, response.usage.cost) == (0, 0.0)


def test_object_documents(gateway: str) -> None:
    """
    Objects are ranked by their text, also next to strings.
    """
    response = rerank(gateway, documents=["red pears", {"text": "green apples"}])

    assert response.results[0].index == 1
    assert response.results[0].document.text == "green apples"


def test_preferences_and_traces(gateway: str) -> None:
    """
    What steers OpenRouter itself does not stand in the way.
    """
    response = rerank(
        gateway, provider={"order": ["cohere"]}, session_id="s", user="u", trace={"trace_id": "t"}, http_referer="me"
    )

    assert response.results[0].index == 1


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"key": "wrong"}, errors.UnauthorizedResponseError),
        ({"model": "nobody/m"}, errors.NotFoundResponseError),
        ({"documents": []}, errors.BadRequestResponseError),
        ({"model": "vllm/busy"}, errors.TooManyRequestsResponseError),
    ],
)
def test_its_own_typed_errors(gateway: str, changes: dict[str, Any], error: type[Exception]) -> None:
    """
    Our statuses become OpenRouter's exceptions, with our words in them.
    """
    with pytest.raises(error) as raised:
        rerank(gateway, **changes)

    assert raised.value.data.error.message


def test_keys_are_managed_with_it(gateway: str) -> None:
    """
    Made, seen, changed, listed and removed, as if they were OpenRouter's own; what is wrong is its own error.
    """
    managing = OpenRouter(server_url=f"{gateway}/api/v1", api_key="sk-local").api_keys

    made = managing.create(name="from the SDK", limit=5, limit_reset="monthly")
    changed = managing.update(hash=made.data.hash, limit=7.5, disabled=False)
    seen = managing.get(hash=made.data.hash)
    current = OpenRouter(server_url=f"{gateway}/api/v1", api_key=made.key).api_keys.get_current_key_metadata()
    listed = managing.list()
    ranked = rerank(gateway, made.key)
    removed = managing.delete(hash=made.data.hash)

    assert ranked.results[0].index == 1
    assert (made.data.limit, changed.data.limit, seen.data.limit_remaining) == (5, 7.5, 7.5)
    assert (current.data.label, current.data.limit_reset) == ("from the SDK", "monthly")
    assert made.data.hash in [key.hash for key in listed.data]
    assert removed.DELETED
    with pytest.raises(errors.NotFoundResponseError, match="there is no such key"):
        managing.get(hash=made.data.hash)
    with pytest.raises(errors.BadRequestResponseError, match="limit must be at least 0"):
        managing.create(name="another", limit=-1)


def test_its_list_of_models(gateway: str) -> None:
    """
    Every model can be read, page by page, until there is none.
    """
    page = OpenRouter(server_url=f"{gateway}/api/v1", api_key="sk-local").models.list(limit=1)
    models = {}
    while page:
        models |= {model.id: model for model in page.result.data}
        page = page.next()

    assert models["local/bm25"].architecture.output_modalities == ["rerank"]
    assert models["local/bm25"].pricing.prompt == "0"
