"""Reads that are worth another try."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from random import random
from time import sleep

from rerank_gateway.domain.errors import Unavailable

PAUSES_S = (0.05, 0.2, 1.0)
"""Seconds, about, after which a read that failed is tried again."""


def read_again(read: Callable[[], bytes]) -> bytes:
    """
    What *read* reads, at the fourth try if need be: results are put together from thousands of reads, and would never
    be if each had to succeed at once.
    """
    for pause in PAUSES_S:
        with suppress(Unavailable):
            return read()
        sleep(pause * (0.5 + random()))  # noqa: S311

    return read()
