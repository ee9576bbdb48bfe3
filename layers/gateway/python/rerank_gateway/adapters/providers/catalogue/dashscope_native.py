"""
Alibaba Cloud Model Studio (DashScope), on the route of its own SDK, which has models that the other one lacks. The
setting `workspace` is for keys that may use several.
"""

from dataclasses import replace

from rerank_gateway.adapters.providers.catalogue.dashscope import PROVIDER as DASHSCOPE
from rerank_gateway.adapters.providers.catalogue.dashscope import TEXT_LIMITS
from rerank_gateway.adapters.providers.dialect import Dialect, Payload, Settings, as_text_object
from rerank_gateway.adapters.providers.images import as_data_uri
from rerank_gateway.adapters.providers.usage import tokens_at
from rerank_gateway.domain.price import Price
from rerank_gateway.domain.profile import Limits

IMAGE_MODELS = "qwen3-vl-*"


def _form(payload: Payload, _: Settings) -> Payload:
    """Input and parameters are apart; a model that takes images wants objects only."""
    model, query, documents = payload.pop("model"), payload.pop("query"), payload.pop("documents")
    if "-vl-" in model:
        query, documents = (
            as_text_object(query),
            [as_text_object(text) if isinstance(text, str) else text for text in documents],
        )

    return {"model": model, "input": {"query": query, "documents": documents}, "parameters": payload}


PROVIDER = replace(
    DASHSCOPE,
    name="dashscope_native",
    title="Alibaba Cloud Model Studio (DashScope), native route",
    dialect=Dialect(
        words={"top_n": "top_n", "instruction": "instruct"},
        image=lambda text, image: {"image": as_data_uri(image)},
        image_models=(IMAGE_MODELS,),
        constants={"return_documents": False},
        form=_form,
        results="output.results",
        usage=tokens_at("usage"),
    ),
    path="/api/v1/services/rerank/text-rerank/text-rerank",
    settings={"workspace": ""},
    headers={"x-dashscope-workspace": "{workspace}"},
    source="read in DashScope's Python SDK 2.0.2",
    models=("qwen3.7-text-rerank", "qwen3-rerank", "qwen3-vl-rerank", "gte-rerank-v2"),
    # Beijing, alibabacloud.com/help as of November 2026. Images cost more than texts, and usage does not say which.
    prices={**DASHSCOPE.prices, "gte-rerank-v2": Price(per_million_tokens=0.115)},
    limits={  # help.aliyun.com, November 2026
        IMAGE_MODELS: Limits(documents=100, images=40, tokens=120_000),
        "gte-rerank-*": Limits(documents=500, tokens=30_000),
        "*": TEXT_LIMITS,
    },
)
