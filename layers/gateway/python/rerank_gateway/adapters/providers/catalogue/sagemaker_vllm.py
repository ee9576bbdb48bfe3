"""
A SageMaker endpoint that runs vLLM, which tells a rerank request by its body. The model is the endpoint's name, and
vLLM itself does not know it. For a request's `priority` it has the setting `scheduling_policy`, as `vllm` has.
"""

from dataclasses import replace

from rerank_gateway.adapters.providers.catalogue.sagemaker import MAX_TEXT_BYTES
from rerank_gateway.adapters.providers.catalogue.sagemaker import PROVIDER as SAGEMAKER
from rerank_gateway.adapters.providers.catalogue.vllm import PROVIDER as VLLM
from rerank_gateway.domain.profile import Limits

PROVIDER = replace(
    SAGEMAKER,
    name="sagemaker_vllm",
    title="Amazon SageMaker with vLLM",
    dialect=replace(VLLM.dialect, model=None),
    settings={**SAGEMAKER.settings, **VLLM.settings},
    source="read in botocore 1.44.5 and vLLM's source",
    limits={"*": Limits(size=MAX_TEXT_BYTES)},
)
