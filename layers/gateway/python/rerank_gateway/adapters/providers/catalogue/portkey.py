"""Portkey: the operator's setting `provider` says what is behind it, a virtual key such as `@cohere` or a name."""

from rerank_gateway.adapters.providers.auth import HeaderAuth
from rerank_gateway.adapters.providers.description import Provider
from rerank_gateway.adapters.providers.dialect import Dialect

PROVIDER = Provider(
    name="portkey",
    title="Portkey",
    dialect=Dialect(
        words={"top_n": "top_n", "max_tokens_per_doc": "max_tokens_per_doc", "priority": "priority"},
        constants={"return_documents": False},
        kind="unknown",
    ),
    url="https://api.portkey.ai",
    path="/v1/rerank",
    settings={"provider": None},
    auth=HeaderAuth(name="x-portkey-api-key", scheme=""),
    headers={"x-portkey-provider": "{provider}"},
    key_variables=("PORTKEY_API_KEY",),
    docs="https://portkey.ai/docs/api-reference/inference-api/rerank",
    source="from the vendor's documentation",
)
