"""What became of a request in a chaos run, and whether that may be."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import isfinite
from typing import Any

SECONDS = 3.0
"""What a request may take in all."""

Json = Mapping[str, Any]


@dataclass(frozen=True)
class Outcome:
    """What *reply* the request with this *body* got, after so many *seconds*."""

    body: Json
    reply: Json
    seconds: float

    @cached_property
    def said(self) -> Any:
        return json.loads(self.reply["body"])

    @property
    def is_answer(self) -> bool:
        return bool(self.reply["statusCode"] == 200)

    @property
    def fault(self) -> str | None:
        """What is wrong with it, if anything."""
        if self.seconds > SECONDS:
            return f"took {self.seconds:.2f} s"
        if self.is_answer:
            return _fault_in_ranking(self.said["results"], self.body)

        return _fault_in_error(self.said, self.reply["statusCode"])

    @property
    def fell_back(self) -> bool:
        """Whether somebody answered after another had failed."""
        return self.is_answer and any(error not in (None, "provider_overtaken") for error, _ in self._attempts)

    @property
    def hedge_won(self) -> bool:
        """Whether the one who answered has overtaken another who was asked earlier."""
        if not self.is_answer:
            return False
        overtaken = [latency for error, latency in self._attempts if error == "provider_overtaken"]

        return max(overtaken, default=0) > self._attempts[-1][1]

    @property
    def _attempts(self) -> list[tuple[str | None, int]]:
        return [(attempt.get("error"), attempt["latency"]) for attempt in self.said["extra_fields"]["attempts"]]


def _fault_in_ranking(rows: Sequence[Json], body: Json) -> str | None:
    documents = body["documents"]
    indices, scores = [row["index"] for row in rows], [row["relevance_score"] for row in rows]
    if len(rows) != min(body["top_n"], len(documents)):
        return f"{len(rows)} results for {len(documents)} documents"
    if not all(type(index) is int and 0 <= index < len(documents) for index in indices):
        return f"indices out of range: {indices}"
    if len(set(indices)) < len(indices):
        return f"indices that repeat: {indices}"
    if not all(isinstance(score, float) and isfinite(score) for score in scores):
        return f"scores that are none: {scores}"
    if scores != sorted(scores, reverse=True):
        return f"scores out of order: {scores}"
    if body["return_documents"] and any(row["document"] != {"text": documents[row["index"]]} for row in rows):
        return "documents that were not sent"

    return None


def _fault_in_error(said: Any, status: int) -> str | None:
    """A typed error has a status and a code, which say that a provider failed: a bug's would be 500."""
    code = said["error"]["code"]
    is_typed = status in (429, 502, 503, 504) and (code.startswith("provider_") or code == "deadline_exceeded")

    return None if is_typed else f"a {status}: {code}"
