"""How AWS says that it is busy: often with the status 400, and with a name in one of three places."""

from __future__ import annotations

from typing import Any

import pytest

from rerank_gateway.adapters.providers import registry
from rerank_gateway.adapters.providers.auth import SignedAuth
from rerank_gateway.adapters.transports.https import HttpsTransport
from rerank_gateway.domain.errors import TargetBusy, TargetError, TargetRefused
from tests.adapters.providers import reranker
from tests.fakes import request, within
from tests.upstream import says, upstream

THROTTLED = (
    "ThrottlingException",
    "Throttling",
    "ThrottledException",
    "RequestThrottledException",
    "TooManyRequestsException",
    "ServiceQuotaExceededException",
)


def is_of_aws(name: str) -> bool:
    auth = registry.provider(name).auth

    return isinstance(auth, SignedAuth) and auth.by == "aws"


NAMES = [name for name in registry.NAMES if is_of_aws(name)]


def failed(transport: HttpsTransport, name: str, body: Any, headers: dict[str, str] | None = None) -> TargetError:
    with upstream(says(body, 400, headers)) as provider, pytest.raises(TargetError) as error:
        reranker(transport, name, provider.url, settings={"region": "eu-west-1"}).rerank(request(), "m", within(5.0))

    return error.value


@pytest.mark.parametrize("kind", THROTTLED)
@pytest.mark.parametrize("name", NAMES)
def test_throttling_is_busy_whatever_its_status(transport: HttpsTransport, name: str, kind: str) -> None:
    """
    A 400 would be the caller's own mistake, and nobody would try again.
    """
    error = failed(transport, name, {"message": "Rate exceeded"}, {"x-amzn-errortype": kind, "retry-after": "3"})

    assert (type(error), error.status_code, error.retry_after) == (TargetBusy, 429, 3.0)


@pytest.mark.parametrize(
    ("body", "headers"),
    [
        ({"__type": "ThrottlingException"}, {}),
        ({"__type": "com.amazon.coral.availability#ThrottlingException"}, {}),
        ({"code": "Throttling"}, {}),
        ({}, {"x-amzn-errortype": "ThrottlingException:http://internal.amazon.com/coral/"}),
    ],
)
@pytest.mark.parametrize("name", NAMES)
def test_the_name_of_an_error_is_found_wherever_aws_puts_it(
    transport: HttpsTransport, name: str, body: Any, headers: dict[str, str]
) -> None:
    """
    In the header or the body, and with a namespace before it or an address behind it (botocore 1.44.5, parsers).
    """
    assert type(failed(transport, name, body, headers)) is TargetBusy


@pytest.mark.parametrize(
    "body", [{"__type": "ValidationException"}, {"__type": 7}, {"message": "ThrottlingException"}, [], b"<html>"]
)
@pytest.mark.parametrize("name", NAMES)
def test_another_error_keeps_its_status(transport: HttpsTransport, name: str, body: Any) -> None:
    """
    Only the name counts, not what the message speaks of.
    """
    assert type(failed(transport, name, body)) is TargetRefused
