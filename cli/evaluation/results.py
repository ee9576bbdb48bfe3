"""From answers to what one wants to know of each model."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean
from typing import Any

from cli.evaluation.answers import Answer
from cli.evaluation.collection import Collection
from cli.evaluation.files import unusable
from cli.evaluation.measures import Measured, Run, measure
from cli.evaluation.questions import Question
from cli.evaluation.statistics import ALPHA, Interval, holm, interval_of, p_value, percentile


@dataclass(frozen=True, slots=True)
class Comparison:
    """Against the baseline: the mean difference, its interval, and the p-value as it counts among all models."""

    difference: float
    interval: Interval
    p_value: float

    @property
    def verdict(self) -> str:
        if self.p_value >= ALPHA:
            return "no difference shown"

        return "better" if self.difference > 0 else "worse"


@dataclass(frozen=True, slots=True)
class ModelResult:
    """
    *run* has every query that was answered, *measured* those that all models answered. Milliseconds and USD; None where
    nobody knows the cost. *comparisons* is empty for the baseline. *truncated* counts answers to cut documents.
    """

    name: str
    run: Run
    measured: Mapping[str, Measured]
    intervals: Mapping[str, Interval]
    comparisons: Mapping[str, Comparison]
    p50_ms: float
    p95_ms: float
    cost_per_1000: float | None
    errors: Mapping[str, int]
    truncated: int


@dataclass(frozen=True, slots=True)
class Evaluation:
    """*queries* are those that every model in *models* answered, whose measures stand side by side."""

    collection: Collection
    measures: Sequence[str]
    queries: Sequence[str]
    baseline: str
    models: Sequence[ModelResult]
    without_answer: Mapping[str, Mapping[str, int]]


@dataclass(frozen=True, slots=True)
class Asked:
    """A model's questions, and the answer to each."""

    name: str
    questions: Sequence[Question]
    answers: Sequence[Answer]

    @property
    def run(self) -> Run:
        return {
            question.query_id: [question.ids[index] for index in answer.ranking]
            for question, answer in zip(self.questions, self.answers, strict=True)
            if answer.error is None
        }

    @property
    def answered(self) -> list[Answer]:
        return [answer for answer in self.answers if answer.error is None]

    @property
    def errors(self) -> dict[str, int]:
        return dict(Counter(answer.error for answer in self.answers if answer.error is not None))


def evaluate(collection: Collection, measures: Mapping[str, Any], asked: Sequence[Asked], baseline: str) -> Evaluation:
    """Raises CommandError where there is nothing to compare with."""
    silent = {each.name: each.errors for each in asked if not each.answered}
    if baseline in silent:
        raise unusable(f"{baseline}, the baseline, answered nothing: {next(iter(silent[baseline]), 'no questions')}")
    heard = [each for each in asked if each.answered]
    queries = [query for query in collection.queries if all(query in each.run for each in heard)]
    if not queries:
        raise unusable("there is no query that all models answered")
    measured = {
        each.name: measure(measures, collection.qrels, {query: each.run[query] for query in queries}) for each in heard
    }
    comparisons = {name: _comparisons(name, measured, baseline) for name in measures}
    results = [_result(each, measured[each.name], comparisons) for each in heard]

    return Evaluation(collection, list(measures), queries, baseline, results, silent)


def _result(
    asked: Asked, measured: Mapping[str, Measured], comparisons: Mapping[str, Mapping[str, Comparison]]
) -> ModelResult:
    latencies = [answer.latency_ms for answer in asked.answered]
    costs = [answer.cost for answer in asked.answered if answer.cost is not None]

    return ModelResult(
        name=asked.name,
        run=asked.run,
        measured=measured,
        intervals={name: interval_of(list(each.by_query.values())) for name, each in measured.items()},
        comparisons={name: each[asked.name] for name, each in comparisons.items() if asked.name in each},
        p50_ms=percentile(latencies, 0.5),
        p95_ms=percentile(latencies, 0.95),
        cost_per_1000=fmean(costs) * 1000 if len(costs) == len(latencies) else None,
        errors=asked.errors,
        truncated=sum(answer.truncated for answer in asked.answered),
    )


def _comparisons(name: str, measured: Mapping[str, Mapping[str, Measured]], baseline: str) -> dict[str, Comparison]:
    """Of each model but the baseline by the measure *name*; the p-values are corrected for their number."""
    theirs = measured[baseline][name].by_query
    values = {
        model: ([each[name].by_query[query] for query in theirs], list(theirs.values()))
        for model, each in measured.items()
        if model != baseline
    }
    corrected = holm([p_value(*pair) for pair in values.values()])

    return {model: _comparison(*values[model], p) for model, p in zip(values, corrected, strict=True)}


def _comparison(ours: Sequence[float], theirs: Sequence[float], p: float) -> Comparison:
    differences = [our - their for our, their in zip(ours, theirs, strict=True)]

    return Comparison(fmean(differences), interval_of(differences), p)
