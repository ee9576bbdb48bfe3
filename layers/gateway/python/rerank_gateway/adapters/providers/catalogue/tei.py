"""Hugging Face Text Embeddings Inference, a server of one's own."""

from collections.abc import Mapping
from typing import Any

from rerank_gateway.adapters.providers.description import Provider
from rerank_gateway.adapters.providers.dialect import Dialect
from rerank_gateway.adapters.providers.usage import header_count
from rerank_gateway.domain.profile import Limits
from rerank_gateway.domain.request import RerankRequest
from rerank_gateway.domain.usage import Usage


def _truncation(request: RerankRequest) -> Mapping[str, Any]:
    """Always sent: 1.8 does not truncate by default, and 1.9 does. Only 1.9 reads a direction in lower case, too."""
    return {
        "truncate": request.truncate != "none",
        "truncation_direction": "Left" if request.truncate == "start" else "Right",
    }


def _usage(_: Any, headers: Mapping[str, str]) -> Usage:
    """The body has no usage; a header counts the tokens that were computed."""
    count = header_count(headers, "x-compute-tokens")

    return Usage(prompt_tokens=count, total_tokens=count)


PROVIDER = Provider(
    name="tei",
    title="Text Embeddings Inference",
    dialect=Dialect(
        documents="texts",
        constants={"return_text": False},
        truncation=frozenset(("none", "start", "end")),
        extras=_truncation,
        model=None,
        results="",
        score="score",
        usage=_usage,
    ),
    path="/rerank",
    key_variables=("TEI_API_KEY",),
    needs_key=False,
    docs="https://huggingface.github.io/text-embeddings-inference/",
    source="read in TEI's source",
    limits={"*": Limits(documents=32, size=1_900_000)},  # its defaults, MAX_CLIENT_BATCH_SIZE and PAYLOAD_LIMIT
)
