"""
boto3's clients, for S3 and for those who manage keys. It costs a fifth of a second to load, so that happens when a
service is first needed; what requests and jobs need of the services that speak JSON goes by json_api.py.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from threading import Lock
from typing import Any

from rerank_gateway.adapters.aws.error_names import REFUSALS
from rerank_gateway.adapters.aws.guards import (
    CONNECT_TIMEOUT_S,
    READ_TIMEOUT_S,
    calls_before,
    refuse_broken_reply,
    refuse_late_call,
)
from rerank_gateway.domain.deadline import Deadline
from rerank_gateway.domain.errors import Unavailable

MAX_CONNECTIONS = 20
"""Twice as many as a worker runs jobs side by side."""
_CREATING = Lock()


def aws_client(service: str) -> Any:
    """The one client for *service*, good for all threads."""
    # boto3's clients may be shared between threads, but not made in several at once.
    with _CREATING:
        return _cached_client(service)


@cache
def _cached_client(service: str) -> Any:
    """A client that gives up after a few seconds, as a caller is waiting."""
    import boto3
    from botocore.config import Config

    config = Config(
        connect_timeout=CONNECT_TIMEOUT_S,
        read_timeout=READ_TIMEOUT_S,
        retries={"mode": "standard", "total_max_attempts": 2},
        max_pool_connections=MAX_CONNECTIONS,
        # Else addresses for others are signed in a way that S3 refuses where a key of KMS encrypts.
        signature_version="s3v4" if service == "s3" else None,
    )

    client = boto3.client(service, config=config)
    client.meta.events.register("before-send", refuse_late_call)
    client.meta.events.register("before-parse", refuse_broken_reply)

    return client


def s3_signer() -> Any:
    """
    What signs addresses in S3 for others. They are under the name of the region: under the global one, which boto3
    takes unless the style of addresses is said, a new bucket of any region but us-east-1 is not found for hours.
    """
    client = aws_client("s3")
    if not client.meta.endpoint_url.endswith(".amazonaws.com"):
        return client
    with _CREATING:
        return _cached_signer()


@cache
def _cached_signer() -> Any:
    import boto3
    from botocore.config import Config

    return boto3.client("s3", config=Config(signature_version="s3v4", s3={"addressing_style": "virtual"}))


@contextmanager
def unavailable_on_aws_error(what: str, call: str = "", *, deadline: Deadline | None = None) -> Iterator[None]:
    """
    Turn AWS's errors into Unavailable, which says only *what* could not be reached. Its cause names the *call*, a
    service and its operation.

    What would not be over at *deadline* is such an error too.
    """
    from botocore.exceptions import BotoCoreError, ClientError
    from botocore.parsers import ResponseParserError

    try:
        with calls_before(deadline):
            yield
    except ClientError as error:
        code = error.response.get("Error", {}).get("Code", "")
        raise _unavailable(what, f"{call or error.operation_name} {code}", is_outage=code not in REFUSALS) from error
    except (BotoCoreError, ResponseParserError) as error:
        raise _unavailable(what, f"{call} {type(error).__name__}".strip()) from error


def _unavailable(what: str, cause: str, *, is_outage: bool = True) -> Unavailable:
    return Unavailable(f"{what} cannot be reached at the moment", cause=cause, is_outage=is_outage)
