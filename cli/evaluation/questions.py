"""What a model is asked, and the key under which its answer is kept."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from cli.evaluation.collection import Collection

CHARACTERS_PER_TOKEN = 4
"""The usual estimate for English text."""
DOCUMENTS_PER_SEARCH_UNIT = 100


@dataclass(frozen=True, slots=True)
class Model:
    """
    *targets* are those of an alias, which is asked as it is configured; a model without any is asked alone. Prices in
    USD; *price_known* is False where the gateway has none.
    """

    name: str
    targets: Sequence[str] = ()
    per_search: float = 0.0
    per_million_tokens: float = 0.0
    price_known: bool = True

    @property
    def preferences(self) -> dict[str, Any]:
        """Who may answer. An alias keeps its hedge or fusion, and its targets keep everyone else out."""
        return {"only": list(self.targets)} if self.targets else {"allow_fallbacks": False}


@dataclass(frozen=True, slots=True)
class Question:
    """One query to one model; *ids* are the documents' in the order in which they are sent."""

    model: Model
    query_id: str
    query: str
    ids: Sequence[str]
    texts: Sequence[str]
    top_n: int | None = None

    @property
    def body(self) -> dict[str, Any]:
        body = {"model": self.model.name, "query": self.query, "documents": list(self.texts)}

        return body | {"provider": self.model.preferences} | ({"top_n": self.top_n} if self.top_n else {})

    @property
    def key(self) -> str:
        """The same for the same question, today and after a restart."""
        return sha256(json.dumps(self.body, sort_keys=True).encode()).hexdigest()

    @property
    def estimated_cost(self) -> float:
        """USD, by the gateway's price and the size of the texts."""
        characters = len(self.query) * len(self.texts) + sum(map(len, self.texts))
        units = -(-len(self.texts) // DOCUMENTS_PER_SEARCH_UNIT)

        return self.model.per_search * units + self.model.per_million_tokens * characters / CHARACTERS_PER_TOKEN / 1e6


def questions_of(collection: Collection, model: Model, most: int) -> list[Question]:
    """What *model* is asked: each query with its first *most* candidates. Nobody ranks a document without text."""
    questions = []
    for query, text in collection.queries.items():
        ids = [name for name in collection.candidates[query][:most] if collection.documents[name].strip()]
        questions.append(Question(model, query, text, ids, [collection.documents[name] for name in ids]))

    return [question for question in questions if question.ids]
