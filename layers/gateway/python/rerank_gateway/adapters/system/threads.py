"""An Executor of threads."""

from __future__ import annotations

from collections.abc import Callable, Collection
from threading import Thread
from typing import TYPE_CHECKING, TypeVar, cast

from rerank_gateway.domain.deadline import Deadline
from rerank_gateway.domain.ports import Executor, Task

# A part of Python that most requests, which call one target, do not need.
if TYPE_CHECKING:
    from concurrent.futures import Future

T = TypeVar("T")


class ThreadExecutor(Executor):
    """
    One daemon thread for each piece of work.

    No pool: a call that lost to a hedge may hang for long, and must neither keep a thread from the others nor the
    program from ending.
    """

    def start(self, work: Callable[[], T], /) -> Task[T]:
        from concurrent.futures import Future

        future: Future[T] = Future()
        Thread(target=_run, args=(work, future), daemon=True).start()

        return future

    def wait(self, tasks: Collection[Task[T]], deadline: Deadline, /) -> None:
        from concurrent.futures import FIRST_COMPLETED, wait

        futures = cast("Collection[Future[T]]", tasks)
        wait(futures, deadline.remaining(), FIRST_COMPLETED)


def _run(work: Callable[[], T], future: Future[T]) -> None:
    try:
        future.set_result(work())
    except BaseException as error:  # it is raised where the result is wanted
        future.set_exception(error)
