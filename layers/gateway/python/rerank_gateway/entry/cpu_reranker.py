"""
What the function behind `lambda/…` answers: Text Embeddings Inference's rerank, without HTTP around it.

The gateway asks it and nobody else may, so that little is checked. An error that lies in the request is an object in
place of the list, as TEI's body would be; whatever else goes wrong is raised, and Lambda tells the gateway of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Protocol

from rerank_gateway.domain.clock import Clock
from rerank_gateway.domain.deadline import Deadline
from rerank_gateway.domain.errors import TargetRefused
from rerank_gateway.entry.lambda_context import LambdaContext

RESERVE_S = 0.5
"""Seconds of Lambda's that are left to answering."""


class Scores(Protocol):
    @property
    def logits(self) -> Iterable[float]: ...
    @property
    def probabilities(self) -> Iterable[float]: ...


class ScorePairs(Protocol):
    def __call__(
        self, query: str, texts: Sequence[str], truncate: Literal["none", "start", "end"], deadline: Deadline, /
    ) -> Scores:
        """Raises TargetRefused, or another TargetError."""


@dataclass(frozen=True, slots=True)
class CpuReranker:
    score: ScorePairs
    clock: Clock

    def __call__(self, event: Mapping[str, Any], context: LambdaContext) -> list[dict[str, Any]] | dict[str, str]:
        """The texts of *event* by their scores, best first."""
        seconds = context.get_remaining_time_in_millis() / 1000 - RESERVE_S
        try:
            scores = self.score(*_question(event), Deadline.after(self.clock, seconds))
        except TargetRefused as refusal:
            return {"error": refusal.message, "error_type": "Validation"}
        numbers = scores.logits if event.get("raw_scores") else scores.probabilities
        rows = [{"index": index, "score": float(score)} for index, score in enumerate(numbers)]

        return sorted(rows, key=lambda row: -row["score"])


def _question(event: Mapping[str, Any]) -> tuple[str, Sequence[str], Literal["none", "start", "end"]]:
    query, texts = event.get("query"), event.get("texts")
    if not isinstance(query, str):
        raise TargetRefused("`query` must be a string")
    if not isinstance(texts, list) or not texts or not all(isinstance(text, str) for text in texts):
        raise TargetRefused("`texts` must be a list of strings, and not empty")
    if not event.get("truncate"):
        return query, texts, "none"

    return query, texts, "start" if event.get("truncation_direction") == "Left" else "end"
