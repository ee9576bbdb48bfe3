"""A SageMaker endpoint that runs one of Cohere's models from AWS Marketplace. The model is the endpoint's name."""

from dataclasses import replace

from rerank_gateway.adapters.providers.catalogue.cohere import PROVIDER as COHERE
from rerank_gateway.adapters.providers.catalogue.sagemaker import MAX_TEXT_BYTES
from rerank_gateway.adapters.providers.catalogue.sagemaker import PROVIDER as SAGEMAKER
from rerank_gateway.adapters.providers.dialect import Dialect
from rerank_gateway.adapters.providers.usage import cohere_usage
from rerank_gateway.domain.profile import Limits

PROVIDER = replace(
    SAGEMAKER,
    name="sagemaker_cohere",
    title="Amazon SageMaker with Cohere's models",
    dialect=Dialect(model=None, words=COHERE.dialect.words, constants={"api_version": 2}, usage=cohere_usage),
    source="read in Cohere's Python SDK 7.3.1",
    default_tokens=COHERE.default_tokens,
    limits={"*": Limits(documents=10_000, size=MAX_TEXT_BYTES)},  # Cohere's own
)
