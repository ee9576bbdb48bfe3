"""
IBM watsonx.ai, in its cloud or, by an address of one's own, on Cloud Pak for Data.

Not verified: the shape of its errors, and Cloud Pak.
"""

from collections.abc import Mapping
from typing import Any

from rerank_gateway.adapters.providers.auth import SignedAuth
from rerank_gateway.adapters.providers.description import Provider
from rerank_gateway.adapters.providers.dialect import Dialect, Payload, Settings, as_text_object
from rerank_gateway.adapters.providers.usage import int_fields
from rerank_gateway.domain.errors import TargetMissing
from rerank_gateway.domain.profile import Limits
from rerank_gateway.domain.request import RerankRequest
from rerank_gateway.domain.usage import Usage

MAX_INPUT_TOKENS = 512
"""Tokens of query and text that its reranker takes, by the model's own configuration; more is refused."""


def _extras(request: RerankRequest) -> Mapping[str, Any]:
    """A text that is too long is refused unless it may be truncated, and that only at the end."""
    if request.truncate != "end" or request.max_tokens_per_doc:
        return {}

    return {"truncate_input_tokens": MAX_INPUT_TOKENS}


def _form(payload: Payload, settings: Settings) -> Payload:
    """Parameters are apart, and a project or a space has to pay."""
    return_options = {"top_n": payload.pop("top_n", len(payload["inputs"])), "inputs": False, "query": False}
    tokens = payload.pop("truncate_input_tokens", None)
    truncation = {"truncate_input_tokens": min(tokens, MAX_INPUT_TOKENS)} if tokens else {}

    return {**payload, **_payer(settings), "parameters": {**truncation, "return_options": return_options}}


def _payer(settings: Settings) -> dict[str, str]:
    given = {name: settings[name] for name in ("project_id", "space_id") if settings.get(name)}
    if len(given) != 1:
        raise TargetMissing("watsonx needs one of project_id and space_id in the gateway's configuration")

    return given


def _usage(body: Any, _: Mapping[str, str]) -> Usage:
    tokens = int_fields(body).get("input_token_count", 0)

    return Usage(prompt_tokens=tokens, total_tokens=tokens)


PROVIDER = Provider(
    name="watsonx",
    title="IBM watsonx.ai",
    dialect=Dialect(
        documents="inputs",
        model="model_id",
        words={"top_n": "top_n", "max_tokens_per_doc": "truncate_input_tokens"},
        document=as_text_object,
        truncation=frozenset(("none", "end")),
        extras=_extras,
        form=_form,
        score="score",
        kind="logit",
        usage=_usage,
    ),
    url="https://{region}.ml.cloud.ibm.com",
    path="/ml/v1/text/rerank?version={version}",
    settings={
        "region": None,
        "project_id": "",
        "space_id": "",
        "version": "2026-10-14",  # what the SDK sends
        "iam_url": "https://iam.cloud.ibm.com/identity/token",
    },
    auth=SignedAuth("ibm"),
    key_variables=("WATSONX_API_KEY", "WATSONX_APIKEY", "WX_API_KEY"),
    docs="https://cloud.ibm.com/apidocs/watsonx-ai#text-rerank",
    source="read in IBM's Python SDK ibm-watsonx-ai 1.8.1; not verified: its errors, Cloud Pak",
    models=("cross-encoder/ms-marco-minilm-l-12-v2",),
    limits={"*": Limits(window=MAX_INPUT_TOKENS)},
)
