"""
OpenRouter, which reports what each request cost. The operator's settings `referer` and `title` are how an
application is named in its statistics.
"""

from collections.abc import Mapping
from typing import Any

from rerank_gateway.adapters.providers.description import Provider
from rerank_gateway.adapters.providers.dialect import Dialect
from rerank_gateway.adapters.providers.images import text_and_image
from rerank_gateway.domain.request import RerankRequest


def _own_fields(request: RerankRequest) -> Mapping[str, Any]:
    """What its own clients say of who asks, for its records, and what they demand of whoever ranks."""
    constraints = request.preferences.constraints.as_fields()

    return {**request.attribution, **({"provider": constraints} if constraints else {})}


PROVIDER = Provider(
    name="openrouter",
    title="OpenRouter",
    dialect=Dialect(words={"top_n": "top_n", "user": "user"}, image=text_and_image, extras=_own_fields, kind="unknown"),
    url="https://openrouter.ai",
    path="/api/v1/rerank",
    settings={"referer": "", "title": ""},
    headers={"http-referer": "{referer}", "x-openrouter-title": "{title}"},
    takes_constraints=True,
    key_variables=("OPENROUTER_API_KEY",),
    docs="https://openrouter.ai/docs/api/api-reference/rerank/create-rerank",
    source="read in OpenRouter's Python SDK 1.3.84",
    models=(
        "cohere/rerank-4-pro",
        "cohere/rerank-4-fast",
        "cohere/rerank-v3.5",
        "voyageai/rerank-2.5",
        "voyageai/rerank-2.5-lite",
        "qwen/qwen3-reranker-8b",
    ),
)
