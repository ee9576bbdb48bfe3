"""How much a worker has at work at the same time."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Event

from rerank_gateway.entry.worker.byte_budget import ByteBudget


def test_what_fits_is_at_work_side_by_side() -> None:
    """
    Up to the last byte.
    """
    budget = ByteBudget(10)

    with budget.room_for(4, 0) as first, budget.room_for(6, 0) as second, budget.room_for(1, 0) as third:
        assert (first, second, third) == (True, True, False)

    assert budget.taken == 0


def test_what_does_not_fit_waits_for_room() -> None:
    """
    It begins when the one before it has ended, and not after its time.
    """
    budget, begun = ByteBudget(10), Event()

    def wait() -> bool:
        begun.set()
        with budget.room_for(8, 60) as there_is:
            return there_is

    with ThreadPoolExecutor() as threads:
        with budget.room_for(8, 0), budget.room_for(8, 0.01) as too_early:
            waiting = threads.submit(wait)
            begun.wait()
        assert waiting.result()

    assert not too_early


def test_what_is_larger_than_all_of_it_runs_alone() -> None:
    """
    Not never.
    """
    budget = ByteBudget(10)

    with budget.room_for(1000, 0) as there_is, budget.room_for(1, 0) as beside:
        assert (there_is, beside) == (True, False)


def test_a_budget_grows_with_the_memory() -> None:
    """
    What the worker takes itself is left out; a worker that is too small for more runs job after job.
    """
    assert ByteBudget.of(2048).total > 2 * ByteBudget.of(1024).total > 0
    assert ByteBudget.of(128).total == 0
    with ByteBudget.of(128).room_for(5, 0) as there_is:
        assert there_is


def test_a_worker_has_room_for_a_fiftieth_of_its_memory() -> None:
    """
    Beside what it takes without a job; docs/operations.md says so.
    """
    assert ByteBudget.of(1224).total == 1024 * 1024 * 1024 // 50
