"""report.html: one file, which needs nothing else and asks nobody."""

from __future__ import annotations

from collections.abc import Iterable
from importlib.resources import files
from itertools import combinations
from pathlib import Path
from typing import Any

from cli.evaluation.agreement import agreement
from cli.evaluation.charts import Point, scatter
from cli.evaluation.markup import element, table, text
from cli.evaluation.pairs import pair_section
from cli.evaluation.report import by_quality, table_of, verdicts
from cli.evaluation.results import Evaluation, ModelResult

POLICY = "default-src 'none'; style-src 'unsafe-inline'"
"""A browser keeps to it, should anything in the texts look like more."""


def write_page(evaluation: Evaluation, file: Path) -> None:
    """Whatever stands in queries and documents is text there."""
    style = files("cli.evaluation").joinpath("report.css").read_text("utf-8")
    head = element("head", '<meta charset="utf-8">', _meta(), element("title", "Evaluation"), element("style", style))
    body = element("body", element("h1", "Which model is best?"), *_sections(evaluation))
    file.write_text(f"<!doctype html>\n{element('html', head, body, lang='en')}\n", "utf-8")


def _meta() -> str:
    return (
        f'<meta http-equiv="Content-Security-Policy" content="{text(POLICY)}">'
        '<meta name="viewport" content="width=device-width">'
    )


def _sections(evaluation: Evaluation) -> Iterable[str]:
    columns, rows = table_of(evaluation)
    models = by_quality(evaluation)
    yield element("div", table(columns, [[_cell(value) for value in row] for row in rows]), class_="wide")
    yield element("ul", *(element("li", text(sentence)) for sentence in verdicts(evaluation)))
    yield element("h2", "Quality and cost") + _against_cost(evaluation, models)
    yield element("h2", "Quality and latency") + _against_latency(evaluation, models)
    if len(models) > 1:
        yield element("h2", "Where models agree") + _agreements(evaluation, models)
        yield element("h2", "Two models, query by query")
        yield from (pair_section(evaluation, *pair) for pair in combinations(models, 2))


def _cell(value: Any) -> Any:
    """As in the terminal: numbers to six digits."""
    if value is None:
        return ""

    return f"{value:g}" if isinstance(value, float) else value


def _against_cost(evaluation: Evaluation, models: list[ModelResult]) -> str:
    known = [(model, model.cost_per_1000) for model in models if model.cost_per_1000 is not None]
    unknown = ", ".join(model.name for model in models if model.cost_per_1000 is None)
    note = element("p", text(f"Nobody knows the cost of {unknown}.")) if unknown else ""
    points = [_point(evaluation, model, cost, cost) for model, cost in known]

    return (scatter(points, "USD per 1,000 queries", evaluation.measures[0]) if points else "") + note


def _against_latency(evaluation: Evaluation, models: list[ModelResult]) -> str:
    points = [_point(evaluation, model, model.p50_ms, model.p95_ms) for model in models]
    note = "The line to the right of a point ends at the 95th percentile; the upright one is the interval of the mean."

    return scatter(points, "milliseconds, median", evaluation.measures[0]) + element("p", text(note))


def _point(evaluation: Evaluation, model: ModelResult, x: float, until: float) -> Point:
    measure = evaluation.measures[0]
    interval = model.intervals[measure]

    return Point(model.name, x, model.measured[measure].mean, interval.low, interval.high, max(x, until))


def _agreements(evaluation: Evaluation, models: list[ModelResult]) -> str:
    """A share of documents for each two, how often the first is the same, and how alike all of the ranking is."""
    rows = []
    for one in models:
        found = [agreement(evaluation, one, other) for other in models]
        rows.append([one.name, *(f"{each.overlap:.0%} · {each.same_first:.0%} · {each.rbo:.2f}" for each in found)])
    note = element(
        "p",
        "Documents among the first ten of both, queries with the same document first, and rank-biased overlap "
        "(p = 0.9): 1.00 is the same order.",
    )

    return note + element("div", table(["", *(model.name for model in models)], rows), class_="wide")
