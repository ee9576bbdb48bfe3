"""Contextual AI. It charges by the token and reports no usage, so what a ranking costs is not known."""

from rerank_gateway.adapters.providers.description import Provider
from rerank_gateway.adapters.providers.dialect import Dialect
from rerank_gateway.adapters.providers.usage import no_usage

PROVIDER = Provider(
    name="contextual",
    title="Contextual AI",
    dialect=Dialect(
        words={"top_n": "top_n", "instruction": "instruction", "document_metadata": "metadata"}, usage=no_usage
    ),
    url="https://api.contextual.ai",
    path="/v1/rerank",
    key_variables=("CONTEXTUAL_API_KEY",),
    docs="https://docs.contextual.ai/how-to-guides/rerank",
    source="read in Contextual AI's Python SDK 0.11.0",
    models=(
        "ctxl-rerank-v2-instruct-multilingual",
        "ctxl-rerank-v2-instruct-multilingual-mini",
        "ctxl-rerank-v1-instruct",
    ),
)
