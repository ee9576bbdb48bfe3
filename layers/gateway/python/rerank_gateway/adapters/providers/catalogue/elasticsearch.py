"""
An Elasticsearch cluster's inference API: the model is the id of an inference endpoint there. Nothing but the query and
the texts is sent: clusters before 8.19 and 9.1, and Alibaba's service in all of them, refuse a request with `top_n` or
`return_documents`.
"""

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
        results="rerank",
        kind="unknown",
        usage=no_usage,
    ),
    path="/_inference/rerank/{model}",
    auth=HeaderAuth(scheme="ApiKey"),
    key_variables=("ELASTICSEARCH_API_KEY", "ES_API_KEY"),
    docs="https://www.elastic.co/docs/api/doc/elasticsearch/operation/operation-inference-rerank",
    source="from the vendor's documentation, and pull request 125239 of its source",
    models=(".rerank-v1-elasticsearch",),
)
