"""Clients for AWS. boto3 costs a fifth of a second to load, so that happens when a service is first needed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from threading import Lock
from typing import Any

from rerank_gateway.domain.errors import Unavailable

MAX_CONNECTIONS = 20
"""Twice as many as a worker runs jobs side by side."""
_CREATING = Lock()


def aws_client(service: str, *, fail_fast: bool = False) -> Any:
    """The one client for *service*, good for all threads; a *fail_fast* one is for what a request can do without."""
    # boto3's clients may be shared between threads, but not made in several at once.
    with _CREATING:
        return _cached_client(service, fail_fast)


@cache
def _cached_client(service: str, fail_fast: bool = False) -> Any:
    """A client that gives up after a few seconds, as a caller is waiting, or if *fail_fast* after half of one."""
    import boto3
    from botocore.config import Config

    config = Config(
        connect_timeout=0.25 if fail_fast else 1,
        read_timeout=0.25 if fail_fast else 3,
        retries={"mode": "standard", "total_max_attempts": 1 if fail_fast else 2},
        max_pool_connections=MAX_CONNECTIONS,
    )

    return boto3.client(service, config=config)


REFUSALS = frozenset(
    (
        "AccessDenied",
        "AccessDeniedException",
        "DecryptionFailure",
        "InvalidRequestException",
        "ResourceNotFoundException",
    )
)
"""Codes of errors that are an answer: who is told no may not go on with what was true before."""


@contextmanager
def unavailable_on_aws_error(what: str, call: str = "") -> Iterator[None]:
    """
    Turn AWS's errors into Unavailable, which says only *what* could not be reached. Its cause names the *call*, a
    service and its operation.
    """
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        yield
    except ClientError as error:
        code = error.response.get("Error", {}).get("Code", "")
        raise _unavailable(what, f"{call or error.operation_name} {code}", is_outage=code not in REFUSALS) from error
    except BotoCoreError as error:
        raise _unavailable(what, f"{call} {type(error).__name__}".strip()) from error


def _unavailable(what: str, cause: str, *, is_outage: bool = True) -> Unavailable:
    return Unavailable(f"{what} cannot be reached at the moment", cause=cause, is_outage=is_outage)
