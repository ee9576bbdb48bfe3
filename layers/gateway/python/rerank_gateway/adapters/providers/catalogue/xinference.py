"""
An Xinference server of one's own. Whatever goes wrong in a model is a 500 there. It counts tokens on request, at
the price of a second pass over the texts, so that is not requested.

Not verified: images beyond its vLLM engine, as its other engines run the code that comes with a model.
"""

from rerank_gateway.adapters.providers.description import Provider
from rerank_gateway.adapters.providers.dialect import Dialect
from rerank_gateway.adapters.providers.images import text_and_inline_image
from rerank_gateway.adapters.providers.usage import no_usage

PROVIDER = Provider(
    name="xinference",
    title="Xinference",
    dialect=Dialect(
        words={"top_n": "top_n"},
        image=text_and_inline_image,
        constants={"return_documents": False},
        kind="unknown",
        usage=no_usage,
    ),
    path="/v1/rerank",
    key_variables=("XINFERENCE_API_KEY",),
    needs_key=False,
    docs="https://inference.readthedocs.io/en/latest/models/model_abilities/rerank.html",
    source="read in Xinference's source 4.1.0; not verified: images beyond its vLLM engine",
)
