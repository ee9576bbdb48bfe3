"""An Infinity server of one's own."""

from rerank_gateway.adapters.providers.description import Provider
from rerank_gateway.adapters.providers.dialect import Dialect
from rerank_gateway.domain.profile import Limits

PROVIDER = Provider(
    name="infinity",
    title="Infinity",
    dialect=Dialect(words={"top_n": "top_n"}, constants={"return_documents": False}, kind="unknown"),
    path="/rerank",
    key_variables=("INFINITY_API_KEY",),
    needs_key=False,
    docs="https://michaelfeil.eu/infinity/",
    source="read in Infinity's source",
    limits={"*": Limits(documents=2_048, length=122_880)},  # its source; what is longer is refused with 422
)
