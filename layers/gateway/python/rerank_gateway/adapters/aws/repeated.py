"""Calls that are worth another try."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from random import random
from time import sleep
from typing import TypeVar

from rerank_gateway.domain.errors import Unavailable

T = TypeVar("T")


def always(_: Unavailable) -> bool:
    return True


def repeated(call: Callable[[], T], pauses: Sequence[float], may_pass: Callable[[Unavailable], bool] = always) -> T:
    """
    What *call* comes to: tried again after each of the *pauses*, about so many seconds, while its error *may_pass*.
    Raises what the last try raises.
    """
    for pause in pauses:
        try:
            return call()
        except Unavailable as error:
            if not may_pass(error):
                raise
        sleep(pause * (0.5 + random()))  # noqa: S311

    return call()
