"""A small chaos run; `benchmarks/chaos.py` is the large one, and tells what it costs."""

from __future__ import annotations

import json
from math import nan

import pytest

from benchmarks import chaos_hung
from benchmarks.chaos import run
from benchmarks.chaos_outcomes import SECONDS, Outcome
from benchmarks.chaos_setups import SETUPS, Setup

REQUESTS = 60
BODY = {"documents": ["a", "b"], "top_n": 30, "return_documents": False}


@pytest.mark.parametrize("setup", SETUPS, ids=repr)
def test_every_request_is_answered_in_time_whatever_providers_do(setup: Setup) -> None:
    """
    By a ranking that is one, or by a typed error; with one slow, one failing, one garbled and one healthy provider.
    """
    outcomes, calls = run(setup, REQUESTS)

    assert [outcome.fault for outcome in outcomes if outcome.fault] == []
    assert all(outcome.seconds < SECONDS for outcome in outcomes)
    assert any(outcome.fell_back for outcome in outcomes)
    assert calls >= REQUESTS


def test_a_provider_that_hangs_behind_a_hedge_is_nothing_to_the_others() -> None:
    """
    A healthy provider answers all of its callers at their first try, and a hedge the others; `benchmarks/chaos_hung.py`
    tells how long they wait.
    """
    crowd = chaos_hung.run(callers=120, rounds=5, hangs=True)

    assert (len(crowd.healthy), len(crowd.hedged)) == (300, 300)
    assert crowd.faults == []


@pytest.mark.parametrize(
    ("results", "fault"),
    [
        ([(0, 0.5)], "1 results for 2 documents"),
        ([(0, 0.5), (2, 0.1)], "indices out of range: [0, 2]"),
        ([(0, 0.5), (0, 0.1)], "indices that repeat: [0, 0]"),
        ([(0, 0.5), (1, nan)], "scores that are none: [0.5, nan]"),
        ([(0, 0.5), (1, 0.7)], "scores out of order: [0.5, 0.7]"),
    ],
)
def test_the_run_sees_what_is_no_ranking(results: list[tuple[int, float]], fault: str) -> None:
    """
    What is wrong with it is named.
    """
    rows = [{"index": index, "relevance_score": score} for index, score in results]

    outcome = Outcome(BODY, {"statusCode": 200, "body": json.dumps({"results": rows})}, seconds=0.1)

    assert outcome.fault == fault


def test_the_run_sees_what_is_no_typed_error() -> None:
    """
    A bug in the gateway is told to the caller, but it is none.
    """
    body = json.dumps({"error": {"code": "internal_error"}})

    outcome = Outcome(BODY, {"statusCode": 500, "body": body}, seconds=0.1)

    assert outcome.fault == "a 500: internal_error"


def test_the_run_sees_what_is_late() -> None:
    """
    A perfect answer after the deadline is none.
    """
    outcome = Outcome(BODY, {"statusCode": 200, "body": "{}"}, seconds=SECONDS + 0.1)

    assert outcome.fault == "took 3.10 s"
