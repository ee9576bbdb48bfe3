"""Places at a provider that workers lease."""

from __future__ import annotations

from typing import Any

import pytest

from rerank_gateway.adapters.aws.batches_table import BatchesTable
from rerank_gateway.adapters.aws.dynamodb_places import DynamoPlaces
from rerank_gateway.entry.worker.batch_event import BEGIN_LINES_S, LINE_S
from rerank_gateway.use_cases.batches.leased_places import LEASE_S, LeasedPlaces
from tests.fakes import FakeClock
from tests.tables import batches_table


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock(1_800_000_000.0)


@pytest.fixture
def workers(embedded_aws: Any, clock: FakeClock) -> tuple[LeasedPlaces, LeasedPlaces]:
    """Two, at a provider with two places."""
    batches_table(embedded_aws)
    store = DynamoPlaces(BatchesTable("batches"))

    return LeasedPlaces("tei", 2, 20, store, clock), LeasedPlaces("tei", 2, 20, store, clock)


@pytest.mark.parametrize("seconds", [1.0, 59.0, 61.0, 100.0])
def test_no_call_of_a_line_outlasts_its_place(
    clock: FakeClock, workers: tuple[LeasedPlaces, LeasedPlaces], seconds: float
) -> None:
    """
    However late it is taken, and however slow its provider is: nobody else has it meanwhile.
    """
    one, other = workers
    assert one.acquire(blocking=False)
    clock.sleep(seconds)
    assert one.acquire(blocking=False)

    clock.sleep(BEGIN_LINES_S + LINE_S - 0.5)

    assert not other.acquire(blocking=False)


def test_places_of_a_worker_that_died_are_free_again(
    clock: FakeClock, workers: tuple[LeasedPlaces, LeasedPlaces]
) -> None:
    """
    After a while.
    """
    one, other = workers
    assert one.acquire(blocking=False)

    clock.sleep(LEASE_S + 1)

    assert other.acquire(blocking=False)
