"""Clients for AWS. boto3 costs a fifth of a second to load, so that happens when a service is first needed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from threading import Lock
from typing import Any

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
        connect_timeout=0.25 if fail_fast else CONNECT_TIMEOUT_S,
        read_timeout=0.25 if fail_fast else READ_TIMEOUT_S,
        retries={"mode": "standard", "total_max_attempts": 1 if fail_fast else 2},
        max_pool_connections=MAX_CONNECTIONS,
    )

    client = boto3.client(service, config=config)
    client.meta.events.register("before-send", refuse_late_call)
    client.meta.events.register("before-parse", refuse_broken_reply)

    return client


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
