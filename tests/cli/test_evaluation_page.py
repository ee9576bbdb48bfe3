"""The report that `rerank-gateway evaluate` writes for reading."""

from __future__ import annotations

from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest

from cli.evaluation.answers import Answer
from cli.evaluation.charts import Point, scatter
from cli.evaluation.collection import Collection
from cli.evaluation.measures import parse_measures
from cli.evaluation.page import write_page
from cli.evaluation.questions import Model, questions_of
from cli.evaluation.results import Asked, Evaluation, evaluate

HOSTILE = "<script src='https://example.com/x.js'></script><img src=//example.com onerror=alert(1)>&\""


class Elements(HTMLParser):
    """Every element with its attributes, and all text."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data


@pytest.fixture
def evaluation() -> Evaluation:
    """Three models, of which one turns every ranking around and costs money; one answered nothing."""
    texts = {f"d{number}": f"{HOSTILE} {number}" for number in range(12)}
    queries = {f"q{number}": f"query {number} {HOSTILE}" for number in range(6)}
    judged = {query: {"d1": 2} for query in queries}
    collection = Collection(queries, texts, judged, {query: list(texts) for query in queries})
    asked = []
    for name, order in (("a/forward", range(12)), ("b/backward", range(11, -1, -1)), ("c/like-a", range(12))):
        questions = questions_of(collection, Model(name), 100)
        cost = 0.002 if name.startswith("b") else None
        asked.append(Asked(name, questions, [Answer(list(order), 10.0, cost, truncated=bool(cost)) for _ in questions]))
    silent = replace(asked[0], name="d/silent", answers=[Answer(error="502: broken")] * 6)

    return evaluate(collection, parse_measures("nDCG@10,RR@10"), [*asked, silent], "a/forward")


def read(evaluation: Evaluation, file: Path) -> Elements:
    write_page(evaluation, file)
    elements = Elements()
    elements.feed(file.read_text("utf-8"))

    return elements


def test_nothing_is_fetched_and_no_text_is_markup(evaluation: Evaluation, tmp_path: Path) -> None:
    """
    No script, no picture, no link, no address in the style; a document that would be all of these is read as it stands.
    """
    elements = read(evaluation, tmp_path / "report.html")

    tags, style = {tag for tag, _ in elements.found}, (tmp_path / "report.html").read_text().split("</style>")[0]
    attributes = {name for _, each in elements.found for name in each}
    assert not tags & {"script", "img", "link", "iframe", "object", "embed", "a", "use", "image", "base", "form"}
    assert not attributes & {"src", "href", "xlink:href", "srcset", "data", "style", "onerror", "onload"}
    assert "url(" not in style
    assert "@import" not in style
    assert f"query 0 {HOSTILE}" in elements.text
    assert f"[relevant, 2] {HOSTILE} 1" in elements.text


def test_each_two_models_are_compared(evaluation: Evaluation, tmp_path: Path) -> None:
    """
    With their plots, a bar for each query, and who agrees with whom.
    """
    elements = read(evaluation, tmp_path / "report.html")

    tags = [tag for tag, _ in elements.found]
    assert (tags.count("details"), tags.count("svg"), tags.count("rect")) == (3, 2 + 3, 3 * 6)
    assert "a/forward and b/backward" in elements.text
    assert "a/forward is better for 6 queries, b/backward for 0, and 0 are even." in elements.text
    assert "100% of the first ten documents are the same" in elements.text
    assert "Nobody knows the cost of a/forward, c/like-a." in elements.text
    assert "b/backward: documents were truncated for 6 queries." in elements.text
    assert "d/silent answered nothing and is left out: 502: broken" in elements.text


def test_a_plot_has_room_for_anything() -> None:
    """
    Also where all is zero, or the same.
    """
    drawn = scatter([Point("a", 0, 0, 0, 0, 0), Point("b", 0, 0, 0, 0, 0)], "cost", "nDCG@10")

    assert "nan" not in drawn
    labels = [line.split('"')[0] for line in drawn.split(' cy="')[-2:]]
    assert len(set(labels)) == 2
