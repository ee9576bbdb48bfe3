"""An Elasticsearch cluster's inference API: the model is the id of an inference endpoint there."""

from rerank_gateway.adapters.auth import InHeader
from rerank_gateway.adapters.dialect import Dialect
from rerank_gateway.adapters.provider import Provider
from rerank_gateway.adapters.usages import no_usage

PROVIDER = Provider(
    name="elasticsearch",
    title="Elasticsearch",
    dialect=Dialect(
        documents="input",
        model=None,
        words={"top_n": "top_n"},
        constants={"return_documents": False},
        results="rerank",
        usage=no_usage,
    ),
    path="/_inference/rerank/{model}",
    auth=InHeader(scheme="ApiKey"),
    key_variables=("ELASTICSEARCH_API_KEY", "ES_API_KEY"),
    docs="https://www.elastic.co/docs/api/doc/elasticsearch/operation/operation-inference-rerank",
    source="from the vendor's documentation",
    models=(".rerank-v1-elasticsearch",),
)
