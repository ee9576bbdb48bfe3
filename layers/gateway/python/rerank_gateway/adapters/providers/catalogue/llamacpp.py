"""A llama.cpp server of one's own, started with --reranking. Its scores are the model's logits."""

from rerank_gateway.adapters.providers.description import Provider
from rerank_gateway.adapters.providers.dialect import Dialect

PROVIDER = Provider(
    name="llamacpp",
    title="llama.cpp",
    dialect=Dialect(words={"top_n": "top_n"}, truncation=frozenset(("none",)), kind="logit"),
    path="/v1/rerank",
    key_variables=("LLAMA_API_KEY",),
    needs_key=False,
    docs="https://github.com/ggml-org/llama.cpp/tree/master/tools/server",
    source="read in llama.cpp's source",
)
