"""Candidates from `local/bm25`, for queries that have none."""

from __future__ import annotations

import json

from cli.evaluation.asking import Asking
from cli.evaluation.collection import Collection
from cli.evaluation.files import unusable
from cli.evaluation.questions import Model, Question

FIRST_STAGE = "local/bm25"
MAX_DOCUMENTS, MAX_BYTES = 10_000, 5_500_000
"""What the gateway takes in one request; the body may have 6 MB on Lambda."""


def with_first_stage(collection: Collection, count: int, asking: Asking) -> Collection:
    """
    Each query of *collection* with candidates, the best *count* by `local/bm25` where it had none. Raises CommandError
    where the corpus is too large for one request: scores of BM25 in parts could not be compared.
    """
    if not (queries := collection.without_candidates):
        return collection
    documents = {name: text for name, text in collection.documents.items() if text.strip()}
    ids, texts = list(documents), list(documents.values())
    if len(ids) > MAX_DOCUMENTS or len(json.dumps(texts)) > MAX_BYTES:
        raise unusable(
            f"the corpus is too large for a first stage by {FIRST_STAGE}, which ranks {MAX_DOCUMENTS:,} documents and "
            f"{MAX_BYTES / 1e6:g} MB at most: bring candidates, --run FILE"
        )
    questions = [
        Question(Model(FIRST_STAGE), query, collection.queries[query], ids, texts, top_n=count) for query in queries
    ]
    answers = asking.answers(questions, f"candidates by {FIRST_STAGE}")
    if failed := next((answer.error for answer in answers if answer.error), None):
        raise unusable(f"{FIRST_STAGE} gave no candidates: {failed}")

    return collection.with_candidates(
        {query: [ids[index] for index in answer.ranking] for query, answer in zip(queries, answers, strict=True)}
    )
