"""What is printed and written: a table, its words, and report.json."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

from cli.evaluation.measures import write_run
from cli.evaluation.results import Evaluation, ModelResult
from cli.output import print_note, print_table


def print_results(evaluation: Evaluation) -> None:
    """The table, and below it what it means."""
    print_table(*table_of(evaluation))
    for sentence in verdicts(evaluation):
        print_note(sentence)


def table_of(evaluation: Evaluation) -> tuple[list[str], list[list[Any]]]:
    """The columns, and a row for each model."""
    columns = ["model", *evaluation.measures, "95 % interval", "p50 ms", "p95 ms", "errors", "USD / 1,000"]

    return columns, [_row(evaluation, model) for model in by_quality(evaluation)]


def by_quality(evaluation: Evaluation) -> list[ModelResult]:
    """The best first, by the first measure."""
    return sorted(evaluation.models, key=lambda model: -model.measured[evaluation.measures[0]].mean)


def verdicts(evaluation: Evaluation) -> Iterator[str]:
    """Each model against the baseline by the first measure, and what is wanting."""
    first = evaluation.measures[0]
    yield f"{len(evaluation.queries)} queries that every model answered; baseline {evaluation.baseline}."
    for model in by_quality(evaluation):
        if found := model.comparisons.get(first):
            between = f"{found.difference:+.4f} {first} ({found.interval.low:+.4f} to {found.interval.high:+.4f})"
            yield f"{model.name}: {found.verdict}, {between}, p = {found.p_value:.4f}."
            if found.verdict == "no difference shown":
                yield "  That means nothing: chance alone gives such a difference with so many queries."
        for error, count in model.errors.items():
            yield f"{model.name}: {count} x {error}"
        if model.truncated:
            yield f"{model.name}: documents were truncated for {model.truncated} queries."
    for name, errors in evaluation.without_answer.items():
        yield f"{name} answered nothing and is left out: {next(iter(errors), 'no questions')}"


def write_files(evaluation: Evaluation, folder: Path) -> None:
    """report.json, the TREC runs, and the judgements that they are measured with."""
    (folder / "report.json").write_text(json.dumps(report_of(evaluation), indent=2, ensure_ascii=False), "utf-8")
    runs = folder / "runs"
    runs.mkdir(exist_ok=True)
    for model in evaluation.models:
        write_run(runs / f"{file_name(model.name)}.run", model.run, file_name(model.name))
    judgements = [
        f"{query} 0 {document} {grade}\n"
        for query in evaluation.queries
        for document, grade in evaluation.collection.qrels[query].items()
    ]
    (runs / "qrels.txt").write_text("".join(judgements), "utf-8")


def report_of(evaluation: Evaluation) -> dict[str, Any]:
    return {
        "baseline": evaluation.baseline,
        "measures": list(evaluation.measures),
        "queries": list(evaluation.queries),
        "models": [_fields(model) for model in by_quality(evaluation)],
        "without_answer": dict(evaluation.without_answer),
    }


def file_name(model: str) -> str:
    return re.sub(r"[^\w.-]+", "_", model)


def _fields(model: ModelResult) -> dict[str, Any]:
    measures = {
        name: {"mean": each.mean, "interval": asdict(model.intervals[name]), "by_query": dict(each.by_query)}
        for name, each in model.measured.items()
    }
    for name, found in model.comparisons.items():
        measures[name]["against_baseline"] = {**asdict(found), "verdict": found.verdict}

    return {
        "model": model.name,
        "measures": measures,
        "latency_ms": {"p50": model.p50_ms, "p95": model.p95_ms},
        "cost_per_1000_queries": model.cost_per_1000,
        "errors": dict(model.errors),
        "truncated": model.truncated,
    }


def _row(evaluation: Evaluation, model: ModelResult) -> list[Any]:
    interval = model.intervals[evaluation.measures[0]]

    return [
        model.name,
        *(f"{model.measured[name].mean:.4f}" for name in evaluation.measures),
        f"{interval.low:.3f} to {interval.high:.3f}",
        round(model.p50_ms),
        round(model.p95_ms),
        sum(model.errors.values()),
        model.cost_per_1000,
    ]
