"""What is told when everyone was asked in vain."""

from __future__ import annotations

from rerank_gateway.domain.attempt import AllTargetsFailed, Attempt
from rerank_gateway.domain.errors import TargetBusy, TargetFailed
from rerank_gateway.domain.target import Target

A, B = Target("a", "m"), Target("b", "m")
FIRST, LAST, OTHER = TargetBusy("first"), TargetFailed("last"), TargetFailed("other")
ATTEMPTS = [Attempt(A, 0.1, FIRST), Attempt(B, 0.1, OTHER), Attempt(A, 0.1, LAST)]


def test_the_last_failure_of_the_first_choice_speaks_for_all() -> None:
    """
    It is whom the caller wanted, and what became of it in the end.
    """
    failed = AllTargetsFailed(ATTEMPTS, A)

    assert failed.primary_error is LAST
    assert str(failed) == "a/m: last"
    assert failed.attempts == tuple(ATTEMPTS)


def test_whoever_was_asked_first_speaks_where_the_first_choice_was_not_asked() -> None:
    """
    A target whose circuit is open may never have had its turn.
    """
    assert AllTargetsFailed(ATTEMPTS[1:], Target("c", "m")).primary_error is OTHER
