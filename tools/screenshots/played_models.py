"""Two models for pictures: they know the judgements, and see them through more or less noise."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from time import sleep
from typing import Any

from tests.upstream import Upstream, says, upstream

LARGE, SMALL = "vllm/large-reranker", "vllm/small-reranker"
NOISE: Mapping[str, float] = {"large-reranker": 0.45, "small-reranker": 0.56}
SECONDS: Mapping[str, float] = {"large-reranker": 0.09, "small-reranker": 0.03}
"""That each takes for an answer."""
TOKENS_A_CHARACTER = 0.25
CONFIG = """
[providers.vllm]
url = "{url}"
[prices."vllm/large-reranker"]
per_million_tokens = 0.05
[prices."vllm/small-reranker"]
per_million_tokens = 0.01
"""
Grades = Mapping[tuple[str, str], float]
"""How relevant a text is to a query, from 0 to 1; those that are nowhere are not."""


def example_grades() -> Grades:
    """Of the page's own example."""
    query = "How do I keep tomatoes fresh?"
    keep = "Keep ripe tomatoes at room temperature, stem down; in a fridge they lose their flavour."
    unripe = "Unripe tomatoes ripen in a paper bag with a banana, and stay good for a week then."

    return {(query, keep): 1.0, (query, unripe): 0.75}


def sample_grades(folder: Path) -> Grades:
    """Of the sample in *folder*, in the format of BEIR."""
    texts = {name: _texts(folder / f"{name}.jsonl") for name in ("queries", "corpus")}
    lines = (folder / "qrels/test.tsv").read_text("utf-8").splitlines()[1:]

    return {
        (texts["queries"][query], texts["corpus"][document]): float(grade) / 4
        for query, document, grade in (line.split("\t") for line in lines)
    }


@dataclass
class PlayedModels:
    grades: Grades
    server: Upstream = field(default_factory=lambda: Upstream([]))

    @contextmanager
    def served(self) -> Iterator[str]:
        """Their address, as vLLM would have one."""
        with upstream(self._answer) as self.server:
            yield self.server.url

    def _answer(self, connection: socket.socket) -> None:
        asked = self.server.questions[-1].json
        sleep(SECONDS[asked["model"]])
        says(self._ranking(asked))(connection)

    def _ranking(self, asked: Mapping[str, Any]) -> dict[str, Any]:
        texts = [document if isinstance(document, str) else document["text"] for document in asked["documents"]]
        scores = [self._score(asked["model"], asked["query"], text) for text in texts]
        rows = [{"index": index, "relevance_score": score} for index, score in enumerate(scores)]
        tokens = int(sum(map(len, texts)) * TOKENS_A_CHARACTER)

        return {"results": sorted(rows, key=lambda row: -row["relevance_score"]), "usage": {"total_tokens": tokens}}

    def _score(self, model: str, query: str, text: str) -> float:
        noise = int.from_bytes(sha256(f"{model}{query}{text}".encode()).digest()[:4]) / 2**32
        share = NOISE[model]

        return round(share * noise + (1 - share) * self.grades.get((query, text), 0.0), 4)


def _texts(file: Path) -> dict[str, str]:
    rows = (json.loads(line) for line in file.read_text("utf-8").splitlines())

    return {row["_id"]: row["text"] for row in rows}
