"""
A SageMaker endpoint of one's own that runs Text Embeddings Inference, such as the one that gpu/template.yaml makes.
The model is the endpoint's name. One that ends with `-gpu-reranker` has an inference component of the same name, which
may run nowhere while nobody asks.
"""

import re
from collections.abc import Mapping

from rerank_gateway.adapters.providers import statuses
from rerank_gateway.adapters.providers.auth import SignedAuth
from rerank_gateway.adapters.providers.aws_status import aws_status
from rerank_gateway.adapters.providers.catalogue.tei import PROVIDER as TEI
from rerank_gateway.adapters.providers.description import Provider
from rerank_gateway.adapters.transports.messages import ProviderResponse
from rerank_gateway.domain.errors import TargetMissing
from rerank_gateway.domain.profile import Limits

MAX_TEXT_BYTES = 6_000_000
"""SageMaker takes 6 MiB (botocore 1.44.5, BodyBlob), and a body is more than its texts."""


COMPONENTS = "-gpu-reranker"
"""How the endpoints end that gpu/template.yaml makes: there is an inference component in each, called the same."""
NO_CAPACITY = b"has no capacity"
"""What SageMaker says of an inference component without a copy, as an error of validation; each time it counts one in
the metric NoCapacityInvocationFailures, by which the stack starts a copy."""


def _endpoint(name: str) -> str:
    if not re.fullmatch("[A-Za-z0-9-]{1,63}", name):
        raise TargetMissing("this is no endpoint's name")

    return name


def _component(name: str) -> Mapping[str, str]:
    return {"x-amzn-sagemaker-inference-component": name} if name.endswith(COMPONENTS) else {}


def _is_asleep(response: ProviderResponse) -> bool:
    return response.status == 503 and NO_CAPACITY in response.body


def _status(response: ProviderResponse) -> int:
    """
    SageMaker's own status, but for these: the container's is in the body (ModelError), and an endpoint that does not
    exist is a 400, as is one whose inference component has no copy.
    """
    if response.status == 424:
        return _container_status(response)
    if response.status == 400 and NO_CAPACITY in response.body:
        return 503
    if response.status == 400 and b" not found" in response.body:
        return 404

    return 502 if response.status == 530 else aws_status(response)  # InternalDependency: AWS's own failure


def _container_status(response: ProviderResponse) -> int:
    status = statuses.error_object(response).get("OriginalStatusCode")
    if status == 0:
        return 504  # its 60 seconds were over

    return status if isinstance(status, int) and 400 <= status < 600 else response.status


PROVIDER = Provider(
    name="sagemaker",
    title="Amazon SageMaker with Text Embeddings Inference",
    dialect=TEI.dialect,
    url="https://runtime.sagemaker.{region}.{dns_suffix}",
    path="/endpoints/{model}/invocations",
    model_in_path=_endpoint,
    settings={"region": None},
    auth=SignedAuth("aws", "sagemaker"),
    needs_key=False,
    model_headers=_component,
    status=_status,
    is_asleep=_is_asleep,
    docs="https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_runtime_InvokeEndpoint.html",
    source="read in botocore 1.44.5 and TEI's source",
    limits={
        "*-gpu-reranker": Limits(documents=256, size=MAX_TEXT_BYTES),
        **TEI.limits,
    },  # gpu/template.yaml's; the container's own
)
