"""What only SageMaker does: a container's answer within its own, and endpoints in place of models."""

from __future__ import annotations

from typing import Any

import pytest

from rerank_gateway.adapters.providers import registry
from rerank_gateway.adapters.transports.https import HttpsTransport
from rerank_gateway.domain.errors import (
    TargetAsleep,
    TargetBusy,
    TargetError,
    TargetFailed,
    TargetMissing,
    TargetRefused,
    TargetRequestTooLarge,
    TargetTimedOut,
)
from tests.adapters.providers import reranker
from tests.fakes import request, within
from tests.functions.sleeping_gpu import NO_CAPACITY
from tests.upstream import says, upstream

REGION = {"region": "eu-west-1"}
NAMES = [name for name in registry.NAMES if name.startswith("sagemaker")]


def failed(transport: HttpsTransport, body: Any, status: int, name: str = "sagemaker") -> TargetError:
    with upstream(says(body, status)) as provider, pytest.raises(TargetError) as error:
        reranker(transport, name, provider.url, settings=REGION).rerank(request(), "my-endpoint", within(5.0))

    return error.value


def model_error(original: Any) -> dict[str, Any]:
    """ModelError as SageMaker writes it."""
    return {
        "ErrorCode": "CLIENT_ERROR_FROM_MODEL",
        "LogStreamArn": "arn:aws:logs:eu-west-1:123456789012:log-group:/aws/sagemaker/Endpoints/my-endpoint",
        "Message": "Received client error from primary",
        "OriginalMessage": '{"error":"no","error_type":"Validation"}',
        "OriginalStatusCode": original,
    }


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    ("original", "status", "kind"),
    [
        (400, 400, TargetRefused),
        (413, 413, TargetRequestTooLarge),
        (422, 422, TargetRefused),
        (424, 424, TargetFailed),
        (429, 429, TargetBusy),
        (500, 500, TargetFailed),
        (503, 503, TargetBusy),
        (0, 504, TargetTimedOut),
    ],
)
def test_the_containers_status_counts(
    transport: HttpsTransport, name: str, original: int, status: int, kind: type[TargetError]
) -> None:
    """
    SageMaker wraps every error of the container in its own; 0 is its word for one that did not answer in time.
    """
    error = failed(transport, model_error(original), 424, name)

    assert (type(error), error.status_code) == (kind, status)


@pytest.mark.parametrize("body", [model_error(None), model_error("429"), model_error(200), model_error(9000), [], b"<"])
def test_a_strange_model_error_is_a_failure(transport: HttpsTransport, body: Any) -> None:
    """
    What holds no status of an error keeps SageMaker's own, and is never taken for success.
    """
    error = failed(transport, body, 424)

    assert (type(error), error.status_code) == (TargetFailed, 424)


@pytest.mark.parametrize(
    ("status", "body", "expected", "kind"),
    [
        (429, {"Message": "ModelNotReadyException"}, 429, TargetBusy),
        (503, {"Message": "ServiceUnavailable"}, 503, TargetBusy),
        (530, {"Message": "InternalDependencyException"}, 502, TargetFailed),
        (500, {"Message": "InternalFailure"}, 500, TargetFailed),
        (400, {"Message": "Endpoint my-endpoint of account 123456789012 not found."}, 404, TargetMissing),
        (400, {"Message": "Request body is too long"}, 400, TargetRefused),
        (400, {"Message": NO_CAPACITY}, 503, TargetAsleep),
    ],
)
def test_sagemakers_own_errors(
    transport: HttpsTransport, status: int, body: Any, expected: int, kind: type[TargetError]
) -> None:
    """
    They are their nearest word, and none of them shows the number of the account.
    """
    error = failed(transport, body, status)

    assert (type(error), error.status_code) == (kind, expected)
    assert "123456789012" not in error.message


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("model", ["", "a/b", "..", "a.b", "a b", "a%2Fb", "a\n", "ä", "a" * 64])
def test_what_is_no_endpoints_name_is_not_sent(transport: HttpsTransport, name: str, model: str) -> None:
    """
    Only letters, digits and hyphens name an endpoint.
    """
    with upstream() as provider, pytest.raises(TargetMissing):
        reranker(transport, name, provider.url, settings=REGION).rerank(request(), model, within(5.0))

    assert provider.questions == []


def test_the_container_decides_how_much_it_takes() -> None:
    """
    TEI takes 32 texts by default, and gpu/template.yaml sets more; for Cohere and vLLM only SageMaker sets a size.
    """
    documents = {name: registry.provider(name).profile("my-endpoint").limits.documents for name in NAMES}

    assert documents == {"sagemaker": 32, "sagemaker_cohere": 10_000, "sagemaker_vllm": None}
    assert registry.provider("sagemaker").profile("my-gateway-gpu-reranker").limits.documents == 256


@pytest.mark.parametrize("name", NAMES)
def test_only_the_stacks_endpoint_has_a_component(transport: HttpsTransport, name: str) -> None:
    """
    An endpoint of another name is asked as it is: it would not know of one.
    """
    answer = [{"index": index, "score": 0.5} for index in range(3)]
    with upstream(says(answer if name == "sagemaker" else {"results": []})) as runtime:
        asking = reranker(transport, name, runtime.url, settings=REGION)
        for endpoint in ("my-stack-gpu-reranker", "my-endpoint"):
            asking.rerank(request(), endpoint, within(5.0))

    sent = [each.headers.get("x-amzn-sagemaker-inference-component") for each in runtime.questions]
    assert sent == ["my-stack-gpu-reranker", None]
