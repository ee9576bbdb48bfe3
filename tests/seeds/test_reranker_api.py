"""The plain Reranker API's page on `POST /v1/rerank`, line by line."""

from __future__ import annotations

from typing import Any

from tests.functions.conftest import Configure
from tests.functions.gateway import Response, rerank
from tests.seeds.rows import contains, each
from tests.upstream import Upstream, says, upstream

NAME = "your-reranker-model-or-deployment-id"
EXAMPLE = {
    "model": f"vllm/{NAME}",
    "query": "How do I deploy a model?",
    "documents": [
        {"id": "doc_1", "text": "Deployments let you run models behind an API endpoint..."},
        {"id": "doc_2", "text": "Billing lets you add balance and view usage..."},
        {"id": "doc_3", "text": "A GPU runtime is used to run training jobs..."},
    ],
    "top_n": 2,
    "return_documents": True,
}
RESPONSE = {
    "id": str,
    "object": "list",
    "model": NAME,
    "results": [
        {
            "index": 0,
            "relevance_score": 0.92,
            "document": {"id": "doc_1", "text": "Deployments let you run models behind an API endpoint..."},
        },
        {
            "index": 2,
            "relevance_score": 0.41,
            "document": {"id": "doc_3", "text": "A GPU runtime is used to run training jobs..."},
        },
    ],
    "usage": {"prompt_tokens": 34, "total_tokens": 34},
}
REPLY = {
    "results": [{"index": 0, "relevance_score": 0.92}, {"index": 2, "relevance_score": 0.41}],
    "usage": {"prompt_tokens": 34, "total_tokens": 34},
}


def at(provider: Upstream, alias: str = "") -> str:
    return f'{alias}\n[providers.vllm]\nurl = "{provider.url}"'


def test_the_example(configure: Configure) -> None:
    """
    Answered with every field of the page's response.
    """
    with upstream(says(REPLY)) as provider:
        configure(GATEWAY_CONFIG=at(provider))
        response = rerank({**EXAMPLE})

    assert response.status == 200
    assert contains(response.json, RESPONSE)
    assert response.json["id"].startswith("rerank")


def test_a_model_may_be_an_alias(configure: Configure) -> None:
    """
    A name of the operator's own, and nothing else about the request changes.
    """
    with upstream(says(REPLY)) as provider:
        configure(GATEWAY_CONFIG=at(provider, f'[aliases.{NAME}]\ntargets = ["vllm/{NAME}"]'))
        response = rerank({**EXAMPLE, "model": NAME})

    assert contains(response.json, RESPONSE)


def ask(provider: Upstream, configure: Configure, **changes: Any) -> Response:
    configure(GATEWAY_CONFIG=at(provider))

    return rerank({**EXAMPLE, **changes})


@each(
    ("changes", "sent"),
    {
        "query: what relevance is scored by": ({}, {"query": "How do I deploy a model?"}),
        "documents: strings": ({"documents": ["a", "b", "c"]}, {"documents": ["a", "b", "c"]}),
        "documents: objects with text and metadata": (
            {"documents": [{"text": "a", "id": "1", "title": "A", "metadata": {"n": 1}}, "b", {"text": "c"}]},
            {"documents": ["a", "b", "c"]},
        ),
        "top_n": ({}, {"top_n": 2}),
        "truncate: start": ({"truncate": "start"}, {"truncation_side": "left"}),
        "truncate: end": ({"truncate": "end"}, {"truncation_side": "right"}),
        "max_tokens_per_document": ({"max_tokens_per_document": 512}, {"max_tokens_per_doc": 512}),
        "user": ({"user": "user-1"}, {"user": "user-1"}),
        "extra_body: merged into the request": ({"extra_body": {"their_own": {"n": 1}}}, {"their_own": {"n": 1}}),
    },
)
def test_what_the_backend_is_asked(configure: Configure, changes: dict[str, Any], sent: dict[str, Any]) -> None:
    """
    Each attribute arrives where it belongs, and none is called unknown.
    """
    with upstream(says(REPLY)) as provider:
        response = ask(provider, configure, **changes)

    assert response.status == 200
    assert contains(provider.questions[0].json, sent)
    assert "x-gateway-warnings" not in response.headers


@each(
    ("changes", "unsent"),
    {
        "truncate: none": ({"truncate": "none"}, "truncate_prompt_tokens"),
        "truncate: the server's default, if omitted": ({}, "truncate_prompt_tokens"),
        "max_tokens_per_document: the server's default, if omitted": ({}, "max_tokens_per_doc"),
        "metadata: attached to the request, not forwarded": ({"metadata": {"team": "search"}}, "metadata"),
    },
)
def test_what_the_backend_is_not_told(configure: Configure, changes: dict[str, Any], unsent: str) -> None:
    """
    What is left out is left to it, and what is the caller's own stays here.
    """
    with upstream(says(REPLY)) as provider:
        response = ask(provider, configure, **changes)

    assert response.status == 200
    assert unsent not in provider.questions[0].json


def test_all_documents_are_returned_if_top_n_is_omitted() -> None:
    """
    Each with its score.
    """
    results = rerank(documents=["a", "b", "c"], top_n=None).json["results"]

    assert len(results) == 3
    assert all(isinstance(row["relevance_score"], float) for row in results)


def test_the_original_document_is_returned() -> None:
    """
    With its id, its title and its metadata.
    """
    document = {"text": "a", "id": "1", "title": "A", "metadata": {"n": [1, 2]}}

    assert rerank(documents=[document], return_documents=True).json["results"][0]["document"] == document


def test_a_user_may_be_ignored_where_it_is_unsupported() -> None:
    """
    And the caller is told.
    """
    response = rerank(user="user-1")

    assert (response.status, response.headers["x-gateway-warnings"]) == (200, "no effect at local: user")


@each(
    "changes",
    {
        "model is required": ({"model": None},),
        "query is required": ({"query": None},),
        "documents are required": ({"documents": None},),
        "documents are an array": ({"documents": "a"},),
        "top_n is an integer": ({"top_n": 1.5},),
        "return_documents is a boolean": ({"return_documents": 1},),
        "truncate has common values": ({"truncate": "middle"},),
        "max_tokens_per_document is an integer": ({"max_tokens_per_document": "all"},),
        "metadata is an object": ({"metadata": []},),
        "user is a string": ({"user": {}},),
        "extra_body is an object": ({"extra_body": "x"},),
    },
)
def test_what_an_attribute_may_not_be(changes: dict[str, Any]) -> None:
    """
    A 400 that names it.
    """
    response = rerank({**EXAMPLE, **changes})

    assert (response.status, response.json["error"]["param"]) == (400, next(iter(changes)))


def test_the_key_is_a_bearer_token() -> None:
    """
    `Authorization: Bearer $API_KEY`.
    """
    assert rerank(headers={"authorization": "Bearer sk-local"}).status == 200
    assert rerank(headers={"authorization": ""}).status == 401
