"""What models are evaluated with: queries, the documents to rank for each, and what people judged relevant."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

Qrels = Mapping[str, Mapping[str, int]]
"""Query id → document id → grade; what is not in it is not relevant."""


@dataclass(frozen=True, slots=True)
class Collection:
    """
    Texts by their ids. *candidates* are the ids of the documents to rank for a query; a query without any needs a
    first stage.
    """

    queries: Mapping[str, str]
    documents: Mapping[str, str]
    qrels: Qrels
    candidates: Mapping[str, Sequence[str]]

    @property
    def without_candidates(self) -> list[str]:
        return [query for query in self.queries if not self.candidates.get(query)]

    def judged(self, limit: int | None = None) -> Collection:
        """The first *limit* queries for which something is relevant: the others tell no model from another."""
        relevant = [query for query in self.queries if any(grade > 0 for grade in self.qrels.get(query, {}).values())]

        return replace(self, queries={query: self.queries[query] for query in relevant[:limit]})

    def with_candidates(self, candidates: Mapping[str, Sequence[str]]) -> Collection:
        return replace(self, candidates={**self.candidates, **candidates})
