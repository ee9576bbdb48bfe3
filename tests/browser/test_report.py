"""The report of an evaluation, opened in a browser."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Browser

from cli.evaluation.answers import Answer
from cli.evaluation.collection import Collection
from cli.evaluation.measures import parse_measures
from cli.evaluation.page import write_page
from cli.evaluation.questions import Model, questions_of
from cli.evaluation.results import Asked, evaluate
from tests.browser.visits import visit


def test_it_shows_its_plots(browser: Browser, tmp_path: Path) -> None:
    """
    Each has a size, and the first has both models in it; nothing else is asked for, and nothing is wrong.
    """
    texts = {f"d{number}": f"text {number}" for number in range(12)}
    queries = {f"q{number}": f"query {number}" for number in range(6)}
    judged, ranked = {query: {"d1": 2} for query in queries}, {query: [*texts] for query in queries}
    collection = Collection(queries, texts, judged, ranked)
    asked = []
    for name, order in (("a/forward", range(12)), ("b/backward", range(11, -1, -1))):
        questions = questions_of(collection, Model(name), 100)
        asked.append(Asked(name, questions, [Answer(list(order), 10.0, 0.002) for _ in questions]))
    write_page(evaluate(collection, parse_measures("nDCG@10"), asked, "a/forward"), tmp_path / "report.html")

    with visit(browser, (tmp_path / "report.html").as_uri()) as visited:
        visited.page.locator("summary").first.click()
        boxes = [plot.bounding_box() for plot in visited.page.locator("svg").all()]
        plot = visited.page.locator("svg").first.text_content() or ""

    assert len(boxes) == 2 + 1
    assert all(box and box["width"] > 200 and box["height"] > 50 for box in boxes)
    assert "a/forward" in plot
    assert "b/backward" in plot
    assert (visited.problems, visited.origins) == ([], {"file://"})
