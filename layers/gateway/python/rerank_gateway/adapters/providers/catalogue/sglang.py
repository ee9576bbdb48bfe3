"""
An SGLang server of one's own. It serves one model; Qwen3 rerankers give probabilities and cross-encoders whatever they
were trained to, which the numbers themselves show.
"""

from rerank_gateway.adapters.providers.description import Provider
from rerank_gateway.adapters.providers.dialect import Dialect
from rerank_gateway.adapters.providers.images import content_parts
from rerank_gateway.adapters.providers.usage import no_usage

PROVIDER = Provider(
    name="sglang",
    title="SGLang",
    dialect=Dialect(
        model=None,
        words={"top_n": "top_n", "instruction": "instruct"},
        image=content_parts,
        constants={"return_documents": False},
        results="",
        score="score",
        kind="unknown",
        usage=no_usage,
    ),
    path="/v1/rerank",
    key_variables=("SGLANG_API_KEY",),
    needs_key=False,
    docs="https://docs.sglang.io/supported_models/retrieval_ranking/rerank_models.html",
    source="read in SGLang's source 0.5.23",
)
