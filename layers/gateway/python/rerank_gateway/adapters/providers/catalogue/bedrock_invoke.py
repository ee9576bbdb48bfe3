"""
Amazon Bedrock's InvokeModel, with the model's own API. It also takes the ids of inference profiles, and API keys.

Not verified: that rerank models take an API key.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from rerank_gateway.adapters.providers.catalogue.bedrock import PROVIDER as BEDROCK
from rerank_gateway.adapters.providers.catalogue.bedrock import checked_id
from rerank_gateway.adapters.providers.defaults import quoted_in_path
from rerank_gateway.adapters.providers.dialect import Dialect, Payload, Settings
from rerank_gateway.adapters.providers.usage import header_count
from rerank_gateway.domain.profile import Limits
from rerank_gateway.domain.usage import Usage


def _form(payload: Payload, _: Settings) -> Payload:
    """Cohere's models want to know the version of their API; Amazon's have none."""
    model = payload.pop("model")

    return payload if "amazon." in model else {**payload, "api_version": 2}


def _usage(_: Any, headers: Mapping[str, str]) -> Usage:
    """The body has no usage; headers count tokens."""
    prompt, completion = (header_count(headers, f"x-amzn-bedrock-{way}-token-count") for way in ("input", "output"))

    return Usage(prompt, completion, prompt + completion)


def _in_path(model: str) -> str:
    return quoted_in_path(checked_id(model))


PROVIDER = replace(
    BEDROCK,
    name="bedrock_invoke",
    title="Amazon Bedrock, InvokeModel",
    dialect=Dialect(
        # Always sent, as nobody knows how many Amazon's models give by default.
        extras=lambda request: {"top_n": request.result_count},
        form=_form,
        usage=_usage,
    ),
    url="https://bedrock-runtime.{region}.{dns_suffix}",
    path="/model/{model}/invoke",
    model_in_path=_in_path,
    key_variables=("AWS_BEARER_TOKEN_BEDROCK",),
    docs="https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_InvokeModel.html",
    source="read in botocore 1.44.5 and Cohere's Python SDK 7.3.1; not verified: API keys for rerank models",
    limits={"*": Limits(documents=1000)},  # as many as Bedrock's rerank operation takes
)
