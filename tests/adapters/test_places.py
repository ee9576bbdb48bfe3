"""Places at a provider that several workers share, kept in DynamoDB."""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Any, TypeAlias

import pytest

from rerank_gateway.adapters.aws.batches_table import BatchesTable
from rerank_gateway.adapters.aws.dynamodb_places import DynamoPlaces
from rerank_gateway.use_cases.batches.leased_places import ASK_EVERY_S, KEPT_S, LEASE_S, NO_PLACE_S, LeasedPlaces
from tests.fakes import FakeClock
from tests.tables import batches_table

MOST = 20
NewWorker: TypeAlias = Callable[[int], LeasedPlaces]


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock(1_800_000_000.0)


@pytest.fixture
def worker(embedded_aws: Any, clock: FakeClock) -> NewWorker:
    """Makes one, at a provider that allows so many at a time."""
    batches_table(embedded_aws)

    return lambda limit: LeasedPlaces("tei", limit, MOST, DynamoPlaces(BatchesTable("batches")), clock)


def take_all(places: LeasedPlaces) -> int:
    """How many it gets."""
    taken = 0
    while places.acquire(blocking=False):
        taken += 1

    return taken


def give_back(places: LeasedPlaces, number: int) -> None:
    for _ in range(number):
        places.release()


def test_one_worker_has_all_that_it_can_use(worker: NewWorker) -> None:
    assert take_all(worker(5)) == 5
    assert take_all(worker(5)) == 0, "the first one has them"


def test_one_worker_has_no_more_than_it_can_use(worker: NewWorker) -> None:
    assert take_all(worker(30)) == MOST
    assert take_all(worker(30)) == 30 - MOST


def test_of_two_who_want_all_each_has_half(worker: NewWorker, clock: FakeClock) -> None:
    """
    The one that was first asks for no new places until it has but its half, and gives the others away.
    """
    first, second = worker(20), worker(20)
    assert (take_all(first), take_all(second)) == (20, 0)
    clock.time += ASK_EVERY_S
    give_back(first, 1)
    again = take_all(first)
    give_back(first, 9)
    clock.time += ASK_EVERY_S

    assert again == 0, "the second one waits"
    assert take_all(second) == 10
    assert (take_all(first), first.taken) == (0, 10)


def test_a_third_one_has_its_share_too(worker: NewWorker, clock: FakeClock) -> None:
    workers = [worker(20) for _ in range(3)]
    for each in workers * 9:
        take_all(each)
        give_back(each, min(max(each.taken - 6, 0), 4))
        clock.time += ASK_EVERY_S / len(workers)
    for each in workers:
        take_all(each)

    assert sum(each.taken for each in workers) == 20
    assert min(each.taken for each in workers) == 6


def test_who_needs_none_keeps_them_for_a_moment_only(worker: NewWorker, clock: FakeClock) -> None:
    """
    So that they are there for the next chunks, and for others if there are none.
    """
    first, second = worker(20), worker(20)
    give_back(first, take_all(first))
    assert (take_all(second), take_all(first)) == (0, 10)

    give_back(first, 10)
    clock.time += KEPT_S

    assert (take_all(second), take_all(first)) == (20, 0)


def test_who_has_none_for_a_while_gives_up(worker: NewWorker, clock: FakeClock) -> None:
    """
    Those who come right after it do not wait as long once more; whoever comes later does.
    """
    first, second = worker(1), worker(1)
    take_all(first)
    for _ in range(round(NO_PLACE_S / ASK_EVERY_S)):
        second.acquire(blocking=False)
        clock.time += ASK_EVERY_S

    assert not second.acquire()
    assert not second.acquire()
    first.release()
    clock.time += KEPT_S
    assert second.acquire()


def test_the_places_of_a_worker_that_died_are_free_a_minute_later(worker: NewWorker, clock: FakeClock) -> None:
    take_all(worker(20))
    second = worker(20)
    assert take_all(second) == 0

    clock.time += LEASE_S

    assert take_all(second) == 20


@pytest.mark.parametrize("limit", [1, 3, 20])
def test_there_are_never_more_than_the_provider_allows(worker: NewWorker, clock: FakeClock, limit: int) -> None:
    """
    Whoever takes, returns and looks again when.
    """
    rng, workers, most = Random(limit), [worker(limit) for _ in range(4)], 0
    for _ in range(300):
        places = rng.choice(workers)
        if rng.random() < 0.7:
            places.acquire(blocking=False)
        elif places.taken:
            places.release()
        clock.time += rng.choice((0.0, 0.1, ASK_EVERY_S))
        most = max(most, sum(each.taken for each in workers))

    assert most == limit
