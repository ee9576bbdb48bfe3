"""Jina AI. Texts for its model that sees, `jina-reranker-m0`, go as objects, as its other clients send them."""

from collections.abc import Mapping
from fnmatch import fnmatchcase
from typing import Any

from rerank_gateway.adapters.providers.description import Provider
from rerank_gateway.adapters.providers.dialect import Dialect, Payload, Settings, as_text_object
from rerank_gateway.domain.price import Price
from rerank_gateway.domain.request import RerankRequest

IMAGE_MODELS = "jina-reranker-m0*"


def _truncation(request: RerankRequest) -> Mapping[str, Any]:
    return {"truncation": request.truncate != "none"} if request.truncate else {}


def _image(_: str, image: str) -> Mapping[str, Any]:
    """A document is either a text or an image there."""
    return {"image": image}


def _form(payload: Payload, _: Settings) -> Payload:
    if not fnmatchcase(payload["model"], IMAGE_MODELS):
        return payload
    documents = [as_text_object(text) if isinstance(text, str) else text for text in payload["documents"]]

    return {**payload, "documents": documents}


PROVIDER = Provider(
    name="jina",
    title="Jina AI",
    dialect=Dialect(
        words={"top_n": "top_n"},
        image=_image,
        image_models=(IMAGE_MODELS,),
        constants={"return_documents": False},
        truncation=frozenset(("none", "end")),
        extras=_truncation,
        form=_form,
    ),
    url="https://api.jina.ai",
    path="/v1/rerank",
    key_variables=("JINA_API_KEY", "JINA_AI_API_KEY"),
    docs="https://jina.ai/reranker",
    source="read in the adapters of LiteLLM and Dify",
    models=(
        "jina-reranker-v3.5",
        "jina-reranker-v3",
        "jina-reranker-m0",
        "jina-reranker-v2-base-multilingual",
        "jina-colbert-v2",
    ),
    listwise=("jina-reranker-v3*",),
    prices={"jina-reranker-v2-base-multilingual": Price(per_million_tokens=0.05)},  # as of November 2026
)
