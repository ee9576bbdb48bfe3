"""Writes that somebody else's may come before."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from rerank_gateway.domain.errors import Unavailable

T = TypeVar("T")
MAX_TRIES = 8


def until_written(attempt: Callable[[], T | None]) -> T:
    """
    What *attempt* comes to, which looks and then writes; None of it means that what it saw was no longer so. Raises
    Unavailable where that is so again and again.
    """
    for _ in range(MAX_TRIES):
        if (done := attempt()) is not None:
            return done

    raise Unavailable("others change the same things at this moment", cause="dynamodb.TransactWriteItems conflicts")
