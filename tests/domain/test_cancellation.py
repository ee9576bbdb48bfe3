"""Nobody goes on with what nobody waits for."""

from __future__ import annotations

from rerank_gateway.domain.cancellation import Cancellation
from rerank_gateway.domain.deadline import Deadline
from tests.fakes import FakeClock


def test_a_cancelled_deadline_is_over() -> None:
    """
    For all that was made of it, too; the one that it was made of has nothing to do with it.
    """
    cancellation, whole = Cancellation(), Deadline.after(FakeClock(), 10.0)
    call = whole.cancelled_by(cancellation).within(5.0)

    before = call.remaining()
    cancellation.cancel()

    assert (before, call.remaining(), call.is_over) == (5.0, 0.0, True)
    assert (whole.remaining(), whole.is_over) == (10.0, False)


def test_who_is_at_work_is_stopped() -> None:
    """
    Once, and those who begin after it at once; whoever has ended by then is left in peace.
    """
    cancellation, stopped = Cancellation(), list[str]()
    deadline = Deadline.after(FakeClock(), 10.0).cancelled_by(cancellation)

    with deadline.aborting(lambda: stopped.append("early")):
        pass
    with deadline.aborting(lambda: stopped.append("now")):
        cancellation.cancel()
        cancellation.cancel()
    with deadline.aborting(lambda: stopped.append("late")):
        pass

    assert stopped == ["now", "late"]


def test_most_deadlines_cannot_be_cancelled() -> None:
    """
    Then there is nobody to stop.
    """
    with Deadline.after(FakeClock(), 10.0).aborting(lambda: None):
        pass
