"""Several things at the same time, but not too many."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from rerank_gateway.domain.errors import TargetTimedOut
from rerank_gateway.domain.ports import Executor, Task

T = TypeVar("T")


def fan_out(executor: Executor, works: Sequence[Callable[[], T]], at_once: int, until: float) -> list[T]:
    """
    What *works* come to, in their order, with at most *at_once* of them under way at any time.

    The first error is raised, and nothing is started after it. Raises TargetTimedOut at the moment *until*.
    """
    running: dict[Task[T], int] = {}
    results: dict[int, T] = {}
    started = 0
    while len(results) < len(works):
        while started < len(works) and len(running) < at_once:
            running[executor.start(works[started])] = started
            started += 1
        executor.wait(running, until)
        finished = [task for task in running if task.done()]
        if not finished:
            raise TargetTimedOut("a part of the documents took too long")
        results |= {running.pop(task): task.result() for task in finished}

    return [results[place] for place in range(len(works))]
