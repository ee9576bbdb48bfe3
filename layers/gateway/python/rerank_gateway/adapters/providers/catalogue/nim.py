"""An NVIDIA NIM for reranking, a server of one's own. Its scores are logits, and it refuses a `top_n`."""

from collections.abc import Mapping
from typing import Any

from rerank_gateway.adapters.providers.description import Provider
from rerank_gateway.adapters.providers.dialect import Dialect, Payload, Settings, as_text_object
from rerank_gateway.adapters.providers.images import text_and_inline_image
from rerank_gateway.domain.profile import Limits
from rerank_gateway.domain.request import RerankRequest


def _truncation(request: RerankRequest) -> Mapping[str, Any]:
    """It can truncate at the end only; without the field, a text that is too long is refused."""
    return {"truncate": "NONE" if request.truncate == "none" else "END"} if request.truncate else {}


def _query_in_text(payload: Payload, _: Settings) -> Payload:
    return {**payload, "query": as_text_object(payload["query"])}


PROVIDER = Provider(
    name="nim",
    title="NVIDIA NIM",
    dialect=Dialect(
        documents="passages",
        document=as_text_object,
        image=text_and_inline_image,
        image_models=("*-vl-*",),
        truncation=frozenset(("none", "end")),
        extras=_truncation,
        form=_query_in_text,
        results="rankings",
        score="logit",
        kind="logit",
    ),
    path="/v1/ranking",
    key_variables=("NVIDIA_NIM_API_KEY", "NVIDIA_API_KEY"),
    needs_key=False,
    docs="https://docs.nvidia.com/nim/nemo-retriever/text-reranking/latest/",
    source="read in LangChain's NVIDIA package 1.5.0",
    models=("nvidia/llama-nemotron-rerank-1b-v2", "nvidia/llama-nemotron-rerank-vl-1b-v2"),
    limits={"*": Limits(documents=512)},  # docs.nvidia.com, NeMo Retriever Reranking NIM 2.0
)
