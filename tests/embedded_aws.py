"""AWS on loopback: moto as a server, reached over HTTP like the real one."""

from __future__ import annotations

import os
from collections.abc import Iterator
from random import Random
from typing import Any

import pytest

from local.aws.embedded_aws import start_embedded_aws
from rerank_gateway.adapters.aws.client import _cached_client, aws_client
from rerank_gateway.adapters.aws.credentials import CredentialSource
from rerank_gateway.adapters.aws.json_api import AwsJsonApi, JsonService
from rerank_gateway.adapters.aws.patience import PATIENT, Patience
from rerank_gateway.adapters.aws.session import AwsSession
from rerank_gateway.adapters.system.clock import SystemClock
from rerank_gateway.adapters.transports.https import HttpsTransport
from rerank_gateway.domain.clock import Clock

TRANSPORT = HttpsTransport()


@pytest.fixture(scope="session")
def aws_url() -> Iterator[str]:
    # Its writes one at a time, as moto itself lets other threads in between the parts of one.
    yield start_embedded_aws({})
    TRANSPORT.close()


@pytest.fixture
def embedded_aws(aws_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """The gateway's own way to AWS, leading to an empty account: `embedded_aws("dynamodb")` is a client."""
    for name, value in {
        "AWS_ENDPOINT_URL": aws_url,
        "AWS_DEFAULT_REGION": "eu-west-1",
        "AWS_ACCESS_KEY_ID": "nobody",
        "AWS_SECRET_ACCESS_KEY": "nothing",
    }.items():
        monkeypatch.setenv(name, value)
    _cached_client.cache_clear()
    yield aws_client
    for service in ("dynamodb", "events", "s3", "secretsmanager", "sqs", "ssm"):
        aws_client(service).close()
    _cached_client.cache_clear()
    _forget_everything(aws_url)


def aws_api(
    service: JsonService, patience: Patience = PATIENT, clock: Clock | None = None, what: str = "it"
) -> AwsJsonApi:
    """The API of a *service* of the AWS that the environment names."""
    session = AwsSession(os.environ, CredentialSource(os.environ), lambda: TRANSPORT, clock or SystemClock(), Random(0))

    return AwsJsonApi(session, service, what, patience)


def _forget_everything(url: str) -> None:
    import httpx

    httpx.post(f"{url}/moto-api/reset").raise_for_status()


def bucket(client: Any, name: str = "payloads") -> None:
    """PayloadBucket."""
    client("s3").create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
