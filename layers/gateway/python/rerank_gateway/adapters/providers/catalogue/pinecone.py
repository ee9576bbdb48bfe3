"""
Pinecone's inference API. Of its own models, `pinecone-rerank-v0` truncates by default and `bge-reranker-v2-m3` refuses
a text that is too long; the gateway always says which: the end is cut unless the request has `"truncate": "none"`.
Cohere's models there split a long text into chunks; `cohere-rerank-3.5` has been served by `cohere-rerank-4-fast` since
August 2026.
"""

from collections.abc import Mapping
from typing import Any

from rerank_gateway.adapters.providers.auth import HeaderAuth
from rerank_gateway.adapters.providers.description import Provider
from rerank_gateway.adapters.providers.dialect import Dialect, Payload, Settings, as_text_object
from rerank_gateway.adapters.providers.usage import int_fields
from rerank_gateway.domain.profile import Limits
from rerank_gateway.domain.request import RerankRequest
from rerank_gateway.domain.usage import Usage


def _truncation(request: RerankRequest) -> Mapping[str, Any]:
    """Always sent: by default, one of its own two models truncates and the other does not."""
    return {"parameters": {"truncate": "NONE" if request.truncate == "none" else "END"}}


def _form(payload: Payload, _: Settings) -> Payload:
    """Cohere's model splits a text into chunks, and has no `truncate`."""
    if payload["model"].startswith("cohere"):
        del payload["parameters"]

    return payload


def _usage(body: Any, _: Mapping[str, str]) -> Usage:
    return Usage(search_units=int_fields(body, "usage").get("rerank_units"))


PROVIDER = Provider(
    name="pinecone",
    title="Pinecone",
    dialect=Dialect(
        words={"top_n": "top_n"},
        document=as_text_object,
        constants={"rank_fields": ["text"], "return_documents": False},
        truncation=frozenset(("none", "end")),
        extras=_truncation,
        form=_form,
        results="data",
        score="score",
        usage=_usage,
    ),
    url="https://api.pinecone.io",
    path="/rerank",
    auth=HeaderAuth("api-key", scheme=""),
    key_variables=("PINECONE_API_KEY",),
    headers={"x-pinecone-api-version": "2026-07"},
    docs="https://docs.pinecone.io/reference/api/latest/inference/rerank",
    source="read in Pinecone's Python SDK 10.2.0",
    models=("bge-reranker-v2-m3", "cohere-rerank-4-fast", "cohere-rerank-3.5", "pinecone-rerank-v0"),
    # max_batch_size in docs.pinecone.io, "List available models", API version 2025-10
    limits={"cohere-*": Limits(documents=200), "*": Limits(documents=100)},
)
