"""The real clock, on clocks that a test turns."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from rerank_gateway.adapters.system.clock import SystemClock


@dataclass
class Hands:
    """A computer's two clocks."""

    monotonic: float = 5.0
    wall: float = 1_800_000_000.0

    def clock(self) -> SystemClock:
        return SystemClock(lambda: self.monotonic, lambda: self.wall)

    def turn(self, monotonic: float, wall: float) -> None:
        self.monotonic += monotonic
        self.wall += wall


@pytest.mark.parametrize(
    ("monotonic", "wall", "passed"),
    [
        pytest.param(60.0, 60.0, 60.0, id="time goes by"),
        pytest.param(0.1, 600.0, 600.0, id="Lambda freezes the process"),
        pytest.param(60.0, -86_400.0, 60.0, id="the wall clock is set back"),
        pytest.param(0.0, 0.0, 0.0, id="at once"),
    ],
)
def test_the_calendar_neither_goes_back_nor_stands_still(monotonic: float, wall: float, passed: float) -> None:
    """
    What ages by it never lives longer than it should, whatever becomes of the computer's clocks.
    """
    hands = Hands()
    clock = hands.clock()
    before = clock.calendar()

    hands.turn(monotonic, wall)

    assert clock.calendar() - before == pytest.approx(passed)


def test_a_step_back_is_forgotten() -> None:
    """
    After it, time goes by as ever.
    """
    hands = Hands()
    clock = hands.clock()
    for _ in range(3):
        hands.turn(10.0, -3_600.0)
        clock.calendar()

    hands.turn(0.0, 50.0)

    assert clock.calendar() == pytest.approx(80.0)
