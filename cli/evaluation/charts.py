"""The report's plots, as SVG."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cli.evaluation.markup import element, text

WIDTH, HEIGHT = 700, 360
LEFT, RIGHT, TOP, BOTTOM = 60, 230, 16, 44
"""Pixels around what is plotted; the names of models stand on the right."""
LABEL_HEIGHT = 15
TICKS = 5
BARS_HEIGHT = 160
COLOURS = 8
"""Classes c0 to c7 of report.css."""

Place = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Point:
    """A model in a plot: *low* to *high* is the interval of its *y*, *x* to *until* the range of its x."""

    name: str
    x: float
    y: float
    low: float
    high: float
    until: float


@dataclass(frozen=True, slots=True)
class Scale:
    """Values from *low* to *high* on pixels from *start* to *end*."""

    low: float
    high: float
    start: float
    end: float

    def __call__(self, value: float) -> float:
        return round(self.start + (value - self.low) / ((self.high - self.low) or 1) * (self.end - self.start), 1)

    @property
    def ticks(self) -> list[float]:
        return [self.low + (self.high - self.low) * step / TICKS for step in range(TICKS + 1)]


def scatter(points: Sequence[Point], x_name: str, y_name: str) -> str:
    """Each of *points* with its intervals, its name at the right."""
    across = Scale(0, max(point.until for point in points) * 1.05 or 1, LEFT, WIDTH - RIGHT)
    low, high = min(point.low for point in points), max(point.high for point in points)
    margin = (high - low) * 0.05 or 0.05
    up = Scale(low - margin, high + margin, HEIGHT - BOTTOM, TOP)
    marks = [_mark(point, number, across, up) for number, point in enumerate(points)]

    return element(
        "svg",
        element("title", text(f"{y_name} against {x_name}")),
        _axes(across, up, x_name, y_name),
        *marks,
        _labels(points, up),
        viewBox=f"0 0 {WIDTH} {HEIGHT}",
        role="img",
    )


def bars(differences: Sequence[float], name: str) -> str:
    """*differences* from the largest gain to the largest loss, a bar each."""
    most = max(map(abs, differences)) or 1
    up, across = Scale(-most, most, BARS_HEIGHT - 4, 4), Scale(0, len(differences), LEFT, WIDTH)
    drawn = [_bar(each, place, across, up) for place, each in enumerate(sorted(differences, reverse=True))]
    marks = [_text(f"{value:+.2f}", LEFT - 8, up(value) + 4, "end") for value in (most * 0.9, -most * 0.9)]

    return element(
        "svg",
        element("title", text(name)),
        _line((LEFT, up(0)), (WIDTH, up(0)), "axis"),
        *drawn,
        *marks,
        viewBox=f"0 0 {WIDTH} {BARS_HEIGHT}",
        role="img",
    )


def _bar(value: float, place: int, across: Scale, up: Scale) -> str:
    width = max(0.5, across(1) - across(0) - 0.5)
    top, height = min(up(value), up(0)), round(abs(up(value) - up(0)), 1)

    return element("rect", class_="gain" if value > 0 else "loss", x=across(place), y=top, width=width, height=height)


def _mark(point: Point, number: int, across: Scale, up: Scale) -> str:
    x, y, colour = across(point.x), up(point.y), f"c{number % COLOURS}"
    told = f"{point.name}: {point.y:.4f} ({point.low:.4f} to {point.high:.4f}), {point.x:g}"
    lines = [_line((x, up(point.low)), (x, up(point.high)), colour), _line((x, y), (across(point.until), y), colour)]

    return element("g", element("title", text(told)), *lines, element("circle", class_=colour, cx=x, cy=y, r=5))


def _axes(across: Scale, up: Scale, x_name: str, y_name: str) -> str:
    bottom, right = HEIGHT - BOTTOM, WIDTH - RIGHT
    lines = [_line((LEFT, up(value)), (right, up(value)), "grid") for value in up.ticks]
    numbers = [_text(f"{value:.3f}", LEFT - 8, up(value) + 4, "end") for value in up.ticks]
    numbers += [_text(f"{value:.3g}", across(value), bottom + 16, "middle") for value in across.ticks]
    names = [_text(x_name, (LEFT + right) / 2, HEIGHT - 8, "middle"), _text(y_name, right + 12, TOP + 4, "start")]

    return element("g", *lines, _line((LEFT, bottom), (right, bottom), "axis"), *numbers, *names)


def _labels(points: Sequence[Point], up: Scale) -> str:
    """From top to bottom by height, moved down where two would cover each other."""
    drawn, free = [], float(TOP + 2 * LABEL_HEIGHT)
    for number, point in sorted(enumerate(points), key=lambda each: -each[1].y):
        y = max(free, up(point.y) + 4)
        free = y + LABEL_HEIGHT
        drawn.append(element("circle", class_=f"c{number % COLOURS}", cx=WIDTH - RIGHT + 16, cy=y - 4, r=4))
        drawn.append(_text(point.name, WIDTH - RIGHT + 26, y, "start"))

    return element("g", *drawn)


def _line(start: Place, end: Place, colour: str) -> str:
    return element("line", class_=colour, x1=start[0], y1=start[1], x2=end[0], y2=end[1])


def _text(said: str, x: float, y: float, anchor: str) -> str:
    return element("text", text(said), x=x, y=y, text_anchor=anchor)
