"""What is declared of a provider."""

from __future__ import annotations

from rerank_gateway.domain.constraints import UNDECLARED, Terms


def test_who_declares_nothing_promises_nothing() -> None:
    """
    A demand of a caller's is then not kept.
    """
    assert Terms(zdr=False, denies_data_collection=False, distillable_text=False, quantizations=()) == UNDECLARED
