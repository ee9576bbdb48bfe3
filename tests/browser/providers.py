"""Two providers on loopback for the pages to show: each has an opinion of its own on the example's documents."""

from __future__ import annotations

import socket
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from tests.upstream import Upstream, says, upstream

COHERE, VOYAGE, FAILING = "cohere/rerank-v3.5", "voyage/rerank-2.5", "cohere/fails"
SCORES: Mapping[str, Mapping[str, float]] = {
    "cohere": {"Keep ripe": 0.93, "Unripe": 0.71, "How to keep": 0.22, "The tomato": 0.15, "Tomatoes came": 0.12},
    "voyage": {"Unripe": 0.82, "Keep ripe": 0.79, "Tomatoes came": 0.47, "The tomato": 0.44, "How to keep": 0.3},
}
OTHERS = 0.04
CONFIG = """
[providers.cohere]
url = "{cohere}"
[providers.voyage]
url = "{voyage}"
"""
KEYS = {"COHERE_API_KEY": "c", "VOYAGE_API_KEY": "v"}


@dataclass
class Provider:
    name: str
    server: Upstream = field(default_factory=lambda: Upstream([]))

    def answer(self, connection: socket.socket) -> None:
        asked = self.server.questions[-1].json
        if FAILING.endswith(asked["model"]):
            return says({"message": "broken"}, 400)(connection)
        rows = [{"index": index, "relevance_score": self._score(text)} for index, text in enumerate(asked["documents"])]
        best_first = sorted(rows, key=lambda row: -row["relevance_score"])

        return says(self._written(best_first))(connection)

    def _score(self, text: str) -> float:
        return next((score for words, score in SCORES[self.name].items() if text.startswith(words)), OTHERS)

    def _written(self, rows: list[dict[str, Any]]) -> dict[str, Any]:
        if self.name == "voyage":
            return {"data": rows, "usage": {"total_tokens": 120}}

        return {"results": rows, "meta": {"billed_units": {"search_units": 1}}}


@contextmanager
def running_providers() -> Iterator[dict[str, str]]:
    """The settings of a gateway that asks them."""
    cohere, voyage = Provider("cohere"), Provider("voyage")
    with upstream(cohere.answer) as cohere.server, upstream(voyage.answer) as voyage.server:
        yield {"GATEWAY_CONFIG": CONFIG.format(cohere=cohere.server.url, voyage=voyage.server.url), **KEYS}
