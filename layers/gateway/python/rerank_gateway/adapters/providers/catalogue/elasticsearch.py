"""An Elasticsearch cluster's inference API: the model is the id of an inference endpoint there."""

from rerank_gateway.adapters.providers.auth import HeaderAuth
from rerank_gateway.adapters.providers.description import Provider
from rerank_gateway.adapters.providers.dialect import Dialect
from rerank_gateway.adapters.providers.usage import no_usage

PROVIDER = Provider(
    name="elasticsearch",
    title="Elasticsearch",
    dialect=Dialect(
        documents="input",
        model=None,
        words={"top_n": "top_n"},
        constants={"return_documents": False},
        results="rerank",
        kind="unknown",
        usage=no_usage,
    ),
    path="/_inference/rerank/{model}",
    auth=HeaderAuth(scheme="ApiKey"),
    key_variables=("ELASTICSEARCH_API_KEY", "ES_API_KEY"),
    docs="https://www.elastic.co/docs/api/doc/elasticsearch/operation/operation-inference-rerank",
    source="from the vendor's documentation",
    models=(".rerank-v1-elasticsearch",),
)
