"""One evaluation from beginning to end."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import httpx

from cli.evaluation.asking import Asking, require_affordable
from cli.evaluation.collection import Collection
from cli.evaluation.files import unusable
from cli.evaluation.first_stage import with_first_stage
from cli.evaluation.gateway import find_models
from cli.evaluation.questions import questions_of
from cli.evaluation.results import Asked, Evaluation, evaluate


@dataclass(frozen=True, slots=True)
class Plan:
    """*candidates* is how many documents each of the *models* ranks for a query, at most."""

    models: Sequence[str]
    baseline: str
    candidates: int
    measures: Mapping[str, Any]


def run_evaluation(client: httpx.Client, collection: Collection, plan: Plan, asking: Asking) -> Evaluation:
    """Raises CommandError, before any of the models is asked where it can."""
    if not collection.queries:
        raise unusable("for none of the queries is a document judged relevant")
    models = find_models(client, plan.models)
    collection = with_first_stage(collection, plan.candidates, asking)
    questions = {model.name: questions_of(collection, model, plan.candidates) for model in models}
    if asking.spending.maximum is not None:
        require_affordable(
            asking.missing([each for asked in questions.values() for each in asked]), asking.spending.maximum
        )
    asked = [Asked(name, each, asking.answers_of_model(each, name)) for name, each in questions.items()]

    return evaluate(collection, plan.measures, asked, plan.baseline)
