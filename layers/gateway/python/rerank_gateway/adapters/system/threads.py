"""Several things at the same time, in threads."""

from __future__ import annotations

from collections.abc import Callable, Collection
from threading import Thread
from typing import TYPE_CHECKING, TypeVar, cast

from rerank_gateway.domain.deadline import Deadline
from rerank_gateway.domain.ports import Executor, Task

# Most requests ask one target one question, and need none of this.
if TYPE_CHECKING:
    from concurrent.futures import Future

T = TypeVar("T")


class ThreadExecutor(Executor):
    """
    One thread for each piece of work, which nobody waits for at the end.

    No pool: a question that was overtaken may hang for long, and must neither take a place from the others nor keep the
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
