"""
A vLLM server of one's own. A request's `priority` is sent to a server that was started with
`--scheduling-policy priority`, and only if the setting `scheduling_policy` says so: the others refuse it.
"""

from collections.abc import Mapping
from typing import Any

from rerank_gateway.adapters.providers.description import Provider
from rerank_gateway.adapters.providers.dialect import Dialect, Payload, Settings
from rerank_gateway.adapters.providers.images import content_parts
from rerank_gateway.domain.request import RerankRequest


def _truncation(request: RerankRequest) -> Mapping[str, Any]:
    """-1 truncates to what the model takes; without it, a text that is too long is refused."""
    if request.truncate in (None, "none"):
        return {}

    return {"truncate_prompt_tokens": -1, "truncation_side": "left" if request.truncate == "start" else "right"}


def _content(text: str, image: str) -> Mapping[str, Any]:
    return {"content": content_parts(text, image)}


def _form(payload: Payload, settings: Settings) -> Payload:
    if settings.get("scheduling_policy") != "priority":
        payload.pop("priority", None)

    return payload


PROVIDER = Provider(
    name="vllm",
    title="vLLM",
    dialect=Dialect(
        words={
            "top_n": "top_n",
            "max_tokens_per_doc": "max_tokens_per_doc",
            "priority": "priority",
            "instruction": "instruction",
            "user": "user",
        },
        image=_content,
        truncation=frozenset(("none", "start", "end")),
        extras=_truncation,
        form=_form,
        kind="unknown",
    ),
    path="/rerank",
    settings={"scheduling_policy": ""},
    key_variables=("VLLM_API_KEY", "HOSTED_VLLM_API_KEY"),
    needs_key=False,
    docs="https://docs.vllm.ai/en/latest/serving/openai_compatible_server/#re-rank-api",
    source="read in vLLM's source",
)
