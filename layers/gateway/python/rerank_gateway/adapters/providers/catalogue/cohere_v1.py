"""Cohere's API, version 1, which much of what calls itself compatible with Cohere still speaks."""

from rerank_gateway.adapters.providers.catalogue.cohere import PRICES
from rerank_gateway.adapters.providers.description import Provider
from rerank_gateway.adapters.providers.dialect import Dialect
from rerank_gateway.adapters.providers.usage import cohere_usage
from rerank_gateway.domain.profile import Limits

DIALECT = Dialect(words={"top_n": "top_n"}, constants={"return_documents": False}, usage=cohere_usage)

PROVIDER = Provider(
    name="cohere_v1",
    title="Cohere, version 1",
    dialect=DIALECT,
    url="https://api.cohere.com",
    path="/v1/rerank",
    key_variables=("COHERE_API_KEY", "CO_API_KEY"),
    docs="https://docs.cohere.com/v1/reference/rerank",
    source="read in Cohere's Python SDK 7.3.1",
    models=tuple(PRICES),
    prices=PRICES,
    # Documents times chunks of one, 10 unless asked otherwise, must stay below 10,000 (Cohere's Python SDK 7.3.1).
    limits={"*": Limits(documents=999)},
)
