"""What only Lambda does: errors of a function within a 200, and functions in place of models."""

from __future__ import annotations

from typing import Any

import pytest

from rerank_gateway.adapters.providers import registry
from rerank_gateway.adapters.transports.https import HttpsTransport
from rerank_gateway.domain.errors import (
    BadReply,
    TargetBusy,
    TargetError,
    TargetFailed,
    TargetMissing,
    TargetRefused,
    TargetRejectedKey,
    TargetRequestTooLarge,
    TargetTimedOut,
)
from tests.adapters.providers import reranker
from tests.fakes import request, within
from tests.upstream import says, upstream

REGION = {"region": "eu-west-1"}


def failed(transport: HttpsTransport, body: Any, status: int = 200, **headers: str) -> TargetError:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    with upstream(says(body, status, named)) as aws, pytest.raises(TargetError) as error:
        reranker(transport, "lambda", aws.url, settings=REGION).rerank(request(), "my-function", within(5.0))

    return error.value


def raised(kind: str, message: str = "no") -> dict[str, Any]:
    """What Lambda says of an error that a function raised."""
    return {"errorMessage": message, "errorType": kind, "requestId": "1", "stackTrace": ["/var/task/app.py"]}


@pytest.mark.parametrize(
    ("body", "status", "kind"),
    [
        (raised("BrokenModel", "model.onnx is no model"), 502, TargetFailed),
        (
            raised("Runtime.ExitError", "RequestId: 1 Error: Runtime exited with error: signal: killed"),
            502,
            TargetFailed,
        ),
        (raised("TargetTimedOut"), 504, TargetTimedOut),
        (raised("Sandbox.Timedout", "RequestId: 1 Error: Task timed out after 60.00 seconds"), 504, TargetTimedOut),
        ({"errorMessage": "2026-11-28T02:00:00Z 1 Task timed out after 60.00 seconds"}, 504, TargetTimedOut),
        ([], 502, TargetFailed),
        (b"", 502, TargetFailed),
    ],
)
def test_an_error_of_the_function_comes_with_a_200(
    transport: HttpsTransport, body: Any, status: int, kind: type[TargetError]
) -> None:
    """
    A header tells it. What it says stays inside, as it may name what lies where.
    """
    error = failed(transport, body, x_amz_function_error="Unhandled")

    assert (type(error), error.status_code) == (kind, status)
    assert "/var/task" not in error.message
    assert "model.onnx" not in error.message


@pytest.mark.parametrize(
    ("body", "status", "kind"),
    [
        ({"error": "`texts` must be a list", "error_type": "Validation"}, 422, TargetRefused),
        ({"error": "busy", "error_type": "Overloaded"}, 429, TargetBusy),
        ({"error": "broken", "error_type": "Backend"}, 424, TargetFailed),
        ({"error": "strange", "error_type": 3}, 200, BadReply),
        ({"scores": []}, 200, BadReply),
    ],
)
def test_what_lies_in_the_request_is_told(
    transport: HttpsTransport, body: Any, status: int, kind: type[TargetError]
) -> None:
    """
    By an object where a list is expected, as Text Embeddings Inference writes it.
    """
    error = failed(transport, body)

    assert type(error) is kind
    assert kind is BadReply or error.status_code == status


def test_a_text_that_is_too_long_is_known_for_it(transport: HttpsTransport) -> None:
    """
    With the model's limit, so that it can be asked with less.
    """
    error = failed(
        transport, {"error": "`inputs` must have less than 512 tokens. Given: 900", "error_type": "Validation"}
    )

    assert error.too_long is not None
    assert (error.too_long.limit, error.too_long.tokens) == (512, 900)


@pytest.mark.parametrize(
    ("status", "name", "expected", "kind"),
    [
        (429, "TooManyRequestsException", 429, TargetBusy),
        (409, "ResourceConflictException", 503, TargetBusy),
        (404, "ResourceNotFoundException", 404, TargetMissing),
        (403, "AccessDeniedException", 403, TargetRejectedKey),
        (413, "RequestTooLargeException", 413, TargetRequestTooLarge),
        (500, "ServiceException", 500, TargetFailed),
        (502, "InvalidRuntimeException", 502, TargetFailed),
    ],
)
def test_lambdas_own_errors(
    transport: HttpsTransport, status: int, name: str, expected: int, kind: type[TargetError]
) -> None:
    """
    One function too many at a time is busy, and so is one that is still being made.
    """
    error = failed(transport, {"Message": "Rate Exceeded."}, status, x_amzn_errortype=name)

    assert (type(error), error.status_code) == (kind, expected)


@pytest.mark.parametrize("model", ["", "a/b", "..", "a.b", "a b", "a%2Fb", "a\n", "ä", "a" * 65, "a:b"])
def test_only_a_functions_name_is_a_model(transport: HttpsTransport, model: str) -> None:
    """
    Nothing that a caller sends leads to another address.
    """
    with upstream() as aws, pytest.raises(TargetMissing):
        reranker(transport, "lambda", aws.url, settings=REGION).rerank(request(), model, within(5.0))

    assert aws.questions == []


def test_a_thousand_documents_are_asked_at_once() -> None:
    """
    The parts that they make are as many as are asked side by side.
    """
    profile = registry.provider("lambda").profile("my-gateway-cpu-reranker")

    assert profile.limits.documents is not None
    assert profile.limits.documents * profile.parallel_parts == 1_000
    assert profile.pointwise
