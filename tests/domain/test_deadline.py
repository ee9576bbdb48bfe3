"""Deadlines: one budget, handed down."""

from __future__ import annotations

import pytest

from rerank_gateway.domain.cancellation import Cancellation
from rerank_gateway.domain.deadline import Deadline
from tests.fakes import FakeClock


def test_what_is_left_shrinks_with_time() -> None:
    """
    Never below nothing, and it is over at its moment, not after it.
    """
    clock = FakeClock(100.0)
    deadline = Deadline.after(clock, 10.0)

    clock.sleep(4.0)
    assert (deadline.remaining(), deadline.is_over) == (6.0, False)
    clock.sleep(6.0)
    assert (deadline.remaining(), deadline.is_over) == (0.0, True)
    clock.sleep(1.0)
    assert deadline.remaining() == 0.0


@pytest.mark.parametrize(("seconds", "at"), [(3.0, 103.0), (30.0, 110.0), (None, 110.0)])
def test_a_limit_only_ever_shortens_it(seconds: float | None, at: float) -> None:
    """
    Who has ten seconds cannot give away thirty.
    """
    assert Deadline.after(FakeClock(100.0), 10.0).within(seconds).at == at


def test_a_share_is_of_what_is_left() -> None:
    """
    Half of ten seconds, of which four are over, are three.
    """
    clock = FakeClock(100.0)
    deadline = Deadline.after(clock, 10.0)
    clock.sleep(4.0)

    assert deadline.share(0.5).at == 107.0
    assert deadline.share(1.0).at == 110.0


def test_what_is_withdrawn_goes_on_if_it_has_begun() -> None:
    """
    Nothing else begins, also of what has its own word of an end.
    """
    withdrawn: list[bool] = []
    deadline = Deadline.after(FakeClock(), 10.0).unless(lambda: bool(withdrawn)).cancelled_by(Cancellation())
    before = deadline.lets_begin

    withdrawn.append(True)

    assert (before, deadline.lets_begin, deadline.share(0.5).lets_begin) == (True, False, False)
    assert (deadline.remaining(), deadline.is_over) == (10.0, False)
