"""NVIDIA's hosted rerankers, which build.nvidia.com offers to try: each model has an address of its own."""

from rerank_gateway.adapters.providers.catalogue.nim import PROVIDER as NIM
from rerank_gateway.adapters.providers.defaults import quoted_in_path
from rerank_gateway.adapters.providers.description import Provider
from rerank_gateway.domain.price import Price

LEGACY_MODEL = "nv-rerank-qa-mistral-4b:1"


def _in_path(model: str) -> str:
    """The address has underscores where the model's name has dots; the oldest model is the organisation's only one."""
    return "nvidia" if model.removeprefix("nvidia/") == LEGACY_MODEL else quoted_in_path(model).replace(".", "_")


PROVIDER = Provider(
    name="nvidia",
    title="NVIDIA",
    dialect=NIM.dialect,
    url="https://ai.api.nvidia.com",
    path="/v1/retrieval/{model}/reranking",
    model_in_path=_in_path,
    key_variables=("NVIDIA_API_KEY", "NVIDIA_NIM_API_KEY"),
    docs="https://docs.nvidia.com/nim/nemo-retriever/text-reranking/latest/",
    source=NIM.source,
    models=(*NIM.models, "nvidia/llama-3.2-nv-rerankqa-1b-v2", "nvidia/nv-rerankqa-mistral-4b-v3"),
    limits=NIM.limits,
    prices={"*": Price()},  # LiteLLM's price list of November 2026: free, as it is there to try
)
