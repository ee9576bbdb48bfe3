"""Several things at once, but not too many."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from rerank_gateway.domain.deadline import Deadline
from rerank_gateway.domain.ports import Executor, Task

T = TypeVar("T")


def fan_out(executor: Executor, works: Sequence[Callable[[], T]], max_parallel: int, deadline: Deadline) -> list[T]:
    """
    What *works* come to, in their order, with at most *max_parallel* of them under way at any time.

    The first error is raised, and nothing is started after it. Raises TimeoutError at the *deadline*.
    """
    running: dict[Task[T], int] = {}
    results: dict[int, T] = {}
    started = 0
    while len(results) < len(works):
        while started < len(works) and len(running) < max_parallel:
            running[executor.start(works[started])] = started
            started += 1
        executor.wait(running, deadline)
        ended = [task for task in running if task.done()]
        if not ended:
            raise TimeoutError
        results |= {running.pop(task): task.result() for task in ended}

    return [results[place] for place in range(len(works))]
