"""What a run is worth, by ir-measures; and the run as TREC has it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

from cli.evaluation.collection import Qrels
from cli.evaluation.files import unusable

DEFAULT_MEASURES = "nDCG@10,RR@10,R@10,AP"

Run = Mapping[str, Sequence[str]]
"""Query id → the documents' ids, best first."""


@dataclass(frozen=True, slots=True)
class Measured:
    """A measure's mean, and its value for each query."""

    mean: float
    by_query: Mapping[str, float]


def parse_measures(names: str) -> dict[str, Any]:
    """The measures by their names. Raises CommandError for one that ir-measures has not, or not on this machine."""
    try:
        library = import_module("ir_measures")
    except ImportError:
        raise unusable("evaluate needs further packages: in a clone, pip install '.[cli,evaluate]'") from None
    found = {}
    for name in filter(None, (each.strip() for each in names.split(","))):
        try:
            found[name] = library.parse_measure(name)
            library.evaluator([found[name]], {"query": {"document": 1}})
        except (NameError, ValueError, TypeError, SyntaxError, RuntimeError, AssertionError) as error:
            raise unusable(f"--measures: {name} is none that ir-measures has here ({error})") from None
    if not found:
        raise unusable("--measures names none")

    return found


def measure(measures: Mapping[str, Any], qrels: Qrels, run: Run) -> dict[str, Measured]:
    """Each of *measures* over the queries of *run*, as ir-measures has it for the written run."""
    library = import_module("ir_measures")
    calculated = library.calc(
        list(measures.values()), {query: dict(qrels[query]) for query in run}, {q: _scores(r) for q, r in run.items()}
    )
    by_query: dict[Any, dict[str, float]] = {each: {} for each in measures.values()}
    for metric in calculated.per_query:
        by_query[metric.measure][metric.query_id] = float(metric.value)

    return {name: Measured(float(calculated.aggregated[each]), by_query[each]) for name, each in measures.items()}


def write_run(file: Path, run: Run, tag: str) -> None:
    """
    As TREC's programs read it. The score counts down from the number of documents: they sort by it in single precision,
    ties by name, and would not keep the order that the model gave.
    """
    lines = [
        f"{query} Q0 {document} {rank} {score} {tag}\n"
        for query, ids in run.items()
        for rank, (document, score) in enumerate(_scores(ids).items(), 1)
    ]
    file.write_text("".join(lines), "utf-8")


def _scores(ids: Sequence[str]) -> dict[str, float]:
    return {document: float(len(ids) - place) for place, document in enumerate(ids)}
