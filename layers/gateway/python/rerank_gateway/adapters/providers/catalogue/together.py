"""Together AI."""

from rerank_gateway.adapters.providers.description import Provider
from rerank_gateway.adapters.providers.dialect import Dialect
from rerank_gateway.domain.price import Price

PROVIDER = Provider(
    name="together",
    title="Together AI",
    dialect=Dialect(words={"top_n": "top_n"}, constants={"return_documents": False}),
    url="https://api.together.ai",
    path="/v1/rerank",
    key_variables=("TOGETHER_API_KEY", "TOGETHERAI_API_KEY"),
    docs="https://docs.together.ai/reference/rerank-1",
    source="read in Together's Python SDK 3.1.1",
    models=("Salesforce/Llama-Rank-v1",),
    # LiteLLM's price list of November 2026; the SDK and the list disagree on the last letter but one.
    prices={"Salesforce/Llama-Rank-[Vv]1": Price(per_million_tokens=0.10)},
)
