"""Mixedbread."""

from rerank_gateway.adapters.providers.description import Provider
from rerank_gateway.adapters.providers.dialect import Dialect
from rerank_gateway.domain.price import Price
from rerank_gateway.domain.profile import Limits

PROVIDER = Provider(
    name="mixedbread",
    title="Mixedbread",
    dialect=Dialect(
        documents="input",
        words={"top_n": "top_k"},
        constants={"return_input": False},
        results="data",
        score="score",
    ),
    url="https://api.mixedbread.com",
    path="/v1/reranking",
    key_variables=("MXBAI_API_KEY", "MIXEDBREAD_API_KEY"),
    docs="https://mixedbread.com/api-reference/endpoints/reranking",
    source="read in Mixedbread's Python SDK 0.54.0",
    models=(
        "mixedbread-ai/mxbai-rerank-large-v2",
        "mixedbread-ai/mxbai-rerank-base-v2",
        "mixedbread-ai/mxbai-rerank-large-v1",
        "mixedbread-ai/mxbai-rerank-base-v1",
    ),
    prices={"*mxbai-rerank-base-v1": Price(per_million_tokens=0.15)},  # mixedbread.com/pricing, November 2026
    limits={"*": Limits(documents=1_000)},  # mixedbread.com/api-reference, November 2026
)
