"""The contract of `Executor`, kept by real threads as by the fake, and what only threads have."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from threading import Event
from typing import Any

import pytest

from rerank_gateway.adapters.system.clock import SystemClock
from rerank_gateway.adapters.system.threads import ThreadExecutor
from rerank_gateway.domain.clock import Clock
from rerank_gateway.domain.deadline import Deadline
from rerank_gateway.domain.errors import TargetFailed
from rerank_gateway.domain.ports import Executor
from tests.fakes import FakeClock, FakeExecutor, within

LONG = 30.0


@dataclass
class Workplace:
    """A *executor* with its *clock*, on which *sleep* takes time."""

    executor: Executor
    clock: Clock

    def work(self, seconds: float, result: Any) -> Callable[[], Any]:
        def working() -> Any:
            self.clock.sleep(seconds)
            if isinstance(result, Exception):
                raise result
            return result

        return working


@pytest.fixture(params=["fake", "threads"])
def workplace(request: pytest.FixtureRequest) -> Workplace:
    clock = FakeClock()

    return (
        Workplace(FakeExecutor(clock), clock) if request.param == "fake" else Workplace(ThreadExecutor(), SystemClock())
    )


def test_a_result_is_there_when_the_work_is_done(workplace: Workplace) -> None:
    """
    What the work came to, as soon as it has come to anything.
    """
    task = workplace.executor.start(workplace.work(0.01, "done"))

    workplace.executor.wait([task], within(LONG, workplace.clock))

    assert task.done()
    assert task.result() == "done"


def test_an_error_is_raised_where_the_result_is_wanted(workplace: Workplace) -> None:
    """
    It is the work's own, and harms nobody else.
    """
    failing = workplace.executor.start(workplace.work(0.01, TargetFailed("down")))

    workplace.executor.wait([failing], within(LONG, workplace.clock))

    assert failing.done()
    with pytest.raises(TargetFailed, match="down"):
        failing.result()


def test_waiting_ends_with_the_first_that_is_done(workplace: Workplace) -> None:
    """
    The others go on.
    """
    started = workplace.clock.now()
    slow = workplace.executor.start(workplace.work(3.0, "slow"))
    fast = workplace.executor.start(workplace.work(0.01, "fast"))

    workplace.executor.wait({slow: 0, fast: 1}, Deadline(workplace.clock, started + LONG))

    assert (slow.done(), fast.done()) == (False, True)
    assert workplace.clock.now() < started + 3.0


def test_waiting_ends_at_the_moment_given(workplace: Workplace) -> None:
    """
    Though nobody is done, and not before.
    """
    started = workplace.clock.now()
    slow = workplace.executor.start(workplace.work(3.0, "slow"))

    workplace.executor.wait([slow], Deadline(workplace.clock, started + 0.05))

    assert not slow.done()
    assert started + 0.04 < workplace.clock.now() < started + 3.0


def test_a_moment_that_has_passed_is_not_waited_for(workplace: Workplace) -> None:
    """
    Who comes late looks once.
    """
    started = workplace.clock.now()
    slow = workplace.executor.start(workplace.work(3.0, "slow"))

    workplace.executor.wait([slow], Deadline(workplace.clock, started - 1.0))

    assert workplace.clock.now() < started + 3.0


def test_everyone_works_at_the_same_time() -> None:
    """
    Fifty that wait for each other all get there.
    """
    executor, arrived, all_here = ThreadExecutor(), list[int](), Event()

    def meet(number: int) -> bool:
        arrived.append(number)
        if len(arrived) == 50:
            all_here.set()

        return all_here.wait(LONG)

    tasks = [executor.start(lambda number=number: meet(number)) for number in range(50)]  # type: ignore[misc]
    left = list(tasks)
    while left := [task for task in left if not task.done()]:
        executor.wait(left, within(LONG))

    assert all(task.result() for task in tasks)


def test_work_that_hangs_does_not_keep_the_program_from_ending() -> None:
    """
    A provider that never answers must not hold an environment that is being taken down.
    """
    script = (
        "import time; from rerank_gateway.adapters.system.clock import SystemClock;"
        "from rerank_gateway.adapters.system.threads import ThreadExecutor; executor = ThreadExecutor();"
        "from rerank_gateway.domain.deadline import Deadline;"
        "task = executor.start(lambda: time.sleep(600));"
        "executor.wait([task], Deadline.after(SystemClock(), 0.05)); print(task.done())"
    )

    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=LONG)

    assert (ran.stdout.strip(), ran.stderr) == ("False", "")
