"""The parts that answers are made of."""

from __future__ import annotations

from rerank_gateway.apis.shared.response_fields import attempt_rows
from rerank_gateway.domain.attempt import Attempt
from rerank_gateway.domain.errors import TargetBusy
from rerank_gateway.domain.target import Target

TARGET = Target("cohere", "rerank-v3.5")


def test_attempts_are_told_in_milliseconds() -> None:
    """
    A quarter of a second is 250; parts are told where there are several, errors where there is one.
    """
    rows = attempt_rows([Attempt(TARGET, 0.25, TargetBusy("429")), Attempt(TARGET, 1.0, parts=3)])

    assert rows == [
        {"target": "cohere/rerank-v3.5", "status_code": 429, "latency": 250, "error": "provider_busy"},
        {"target": "cohere/rerank-v3.5", "status_code": 200, "latency": 1000, "parts": 3},
    ]
