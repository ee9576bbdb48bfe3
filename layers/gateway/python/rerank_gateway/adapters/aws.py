"""The way to AWS. boto3 costs a fifth of a second to load, so that happens when a service is first needed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from threading import Lock
from typing import Any

from rerank_gateway.domain.errors import Unavailable

CONNECTIONS = 20
"""Twice as many as a worker runs jobs side by side."""
_MAKING = Lock()


def client(service: str, *, hurried: bool = False) -> Any:
    """The one client for *service*, good for all threads; a *hurried* one is for what one can do without."""
    # boto3's clients may be shared between threads, but not made in several at once.
    with _MAKING:
        return made(service, hurried)


@cache
def made(service: str, hurried: bool = False) -> Any:
    """A client that gives up after a few seconds, as a caller is waiting, or if *hurried* after half of one."""
    import boto3
    from botocore.config import Config

    patience = Config(
        connect_timeout=0.25 if hurried else 1,
        read_timeout=0.25 if hurried else 3,
        retries={"mode": "standard", "total_max_attempts": 1 if hurried else 2},
        max_pool_connections=CONNECTIONS,
    )

    return boto3.client(service, config=patience)


@contextmanager
def within_reach(what: str) -> Iterator[None]:
    """Turn AWS's errors into Unavailable, which says only *what* could not be reached."""
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        yield
    except (BotoCoreError, ClientError) as error:
        raise Unavailable(f"{what} cannot be reached at the moment") from error
