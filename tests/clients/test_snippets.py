"""The examples in the documentation of orq.ai's and OpenRouter's clients; only address, key and model are others."""

from __future__ import annotations

from typing import Any

OPENROUTER = """
from openrouter import OpenRouter

with OpenRouter(
    server_url=URL + "/api/v1",
    http_referer="<value>",
    x_open_router_title="<value>",
    x_open_router_categories="<value>",
    api_key=KEY,
) as open_router:

    res = open_router.rerank.rerank(documents=[
        "Paris is the capital of France.",
        "Berlin is the capital of Germany.",
    ], model=MODEL, query="What is the capital of France?", provider={
        "allow_fallbacks": True,
    }, top_n=3)
"""

ORQ = """
from orq_ai_sdk import Orq

with Orq(
    server_url=URL,
    api_key=KEY,
) as orq:

    res = orq.router.rerank.create(query="<string>", documents=[
        "<string>",
    ], model=MODEL, top_n=123, filename="<string>", name="<string>", fallbacks=[
        {
            "model": MODEL,
        },
    ], retry={
        "count": 3,
        "on_codes": [
            429,
            500,
            502,
            503,
            504,
        ],
    }, cache={
        "type": "exact_match",
        "ttl": 3600,
    }, load_balancer={
        "type": "weight_based",
        "models": [
            {
                "model": MODEL,
                "weight": 0.7,
            },
        ],
    }, timeout={
        "call_timeout": 30000,
    }, orq={
        "name": "<string>",
        "fallbacks": [
            {
                "model": MODEL,
            },
        ],
        "cache": {
            "type": "exact_match",
            "ttl": 3600,
        },
        "retry": {
            "count": 3,
            "on_codes": [
                429,
                500,
                502,
                503,
                504,
            ],
        },
        "identity": {
            "id": "contact_01ARZ3NDEKTSV4RRFFQ69G5FAV",
            "display_name": "Jane Doe",
            "email": "jane.doe@example.com",
            "metadata": [
                {
                    "department": "Engineering",
                    "role": "Senior Developer",
                },
            ],
            "logo_url": "https://example.com/avatars/jane-doe.jpg",
            "tags": [
                "hr",
                "engineering",
            ],
        },
        "contact": {
            "id": "contact_01ARZ3NDEKTSV4RRFFQ69G5FAV",
            "display_name": "Jane Doe",
            "email": "jane.doe@example.com",
            "metadata": [
                {
                    "department": "Engineering",
                    "role": "Senior Developer",
                },
            ],
            "logo_url": "https://example.com/avatars/jane-doe.jpg",
            "tags": [
                "hr",
                "engineering",
            ],
        },
        "load_balancer": {
            "type": "weight_based",
            "models": [
                {
                    "model": MODEL,
                    "weight": 0.7,
                },
                {
                    "model": MODEL,
                    "weight": 0.3,
                },
            ],
        },
        "timeout": {
            "call_timeout": 30000,
        },
    })
"""


def run(snippet: str, gateway: str) -> Any:
    """The response that *snippet* gets, as it stands there, from the *gateway*."""
    names: dict[str, Any] = {"URL": gateway, "KEY": "sk-local", "MODEL": "local/bm25"}
    exec(snippet, names)

    return names["res"]


def test_openrouter(gateway: str) -> None:
    """
    The example of all parameters is a ranking of its documents.
    """
    response = run(OPENROUTER, gateway)

    assert (response.model, response.provider) == ("local/bm25", "local")
    assert [row.document.text for row in response.results] == [
        "Paris is the capital of France.",
        "Berlin is the capital of Germany.",
    ]


def test_orq(gateway: str) -> None:
    """
    The request with every field that the reference has is answered.
    """
    response = run(ORQ, gateway)

    assert (response.object, [row.index for row in response.results]) == ("list", [0])
    assert response.usage.total_tokens == 0
