"""Two models side by side: where one gains on the other, with what they ranked."""

from __future__ import annotations

from cli.evaluation.agreement import agreement
from cli.evaluation.charts import bars
from cli.evaluation.markup import element, text
from cli.evaluation.results import Evaluation, ModelResult

LARGEST, SHOWN_DOCUMENTS, SHOWN_CHARACTERS = 10, 5, 240


def pair_section(evaluation: Evaluation, one: ModelResult, other: ModelResult) -> str:
    """By the first measure; closed until somebody opens it."""
    measure = evaluation.measures[0]
    ours, theirs = one.measured[measure].by_query, other.measured[measure].by_query
    differences = {query: ours[query] - theirs[query] for query in evaluation.queries}
    gains = sum(each > 0 for each in differences.values())
    losses = sum(each < 0 for each in differences.values())
    alike = agreement(evaluation, one, other)
    largest = sorted(filter(differences.get, differences), key=lambda query: -abs(differences[query]))[:LARGEST]
    told = (
        f"{one.name} is better for {gains} queries, {other.name} for {losses}, and {len(differences) - gains - losses} "
        f"are even. {alike.overlap:.0%} of the first ten documents are the same, and the first one is for "
        f"{alike.same_first:.0%} of the queries."
    )

    return element(
        "details",
        element("summary", text(f"{one.name} and {other.name}")),
        element("p", text(told)),
        bars(list(differences.values()), f"{measure} of {one.name} less that of {other.name}, query by query"),
        *(_query(evaluation, query, one, other) for query in largest),
    )


def _query(evaluation: Evaluation, query: str, one: ModelResult, other: ModelResult) -> str:
    measure = evaluation.measures[0]
    sides = [
        element(
            "div",
            element("strong", text(f"{model.name}: {model.measured[measure].by_query[query]:.4f}")),
            element("ol", *(_document(evaluation, query, name) for name in model.run[query][:SHOWN_DOCUMENTS])),
        )
        for model in (one, other)
    ]

    return element("h3", text(evaluation.collection.queries[query])) + element("div", *sides, class_="sides")


def _document(evaluation: Evaluation, query: str, name: str) -> str:
    """Its beginning, marked where it is relevant."""
    whole = evaluation.collection.documents[name]
    shown = whole if len(whole) <= SHOWN_CHARACTERS else f"{whole[:SHOWN_CHARACTERS]}…"
    grade = evaluation.collection.qrels[query].get(name, 0)
    if grade <= 0:
        return element("li", text(shown))

    return element("li", element("div", text(f"[relevant, {grade}] {shown}"), class_="relevant"))
