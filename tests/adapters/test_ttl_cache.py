"""Values that may be a little old."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from random import Random

import pytest

from rerank_gateway.adapters.cache.ttl_cache import TtlCache
from tests.fakes import FakeClock


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


def gives(value: str) -> Callable[[], str]:
    return lambda: value


def nobody_fetches() -> str:
    raise AssertionError("this was to be known")


def test_a_value_is_fetched_once_until_it_is_too_old(clock: FakeClock) -> None:
    """
    From the moment on at which its time is over, it is fetched again.
    """
    cache: TtlCache[str] = TtlCache(60.0, clock)
    cache.get("a", gives("old"))

    clock.sleep(59.9)
    before = cache.get("a", nobody_fetches)
    clock.sleep(0.1)

    assert (before, cache.get("a", gives("new"))) == ("old", "new")


def test_a_value_ages_while_it_is_on_its_way(clock: FakeClock) -> None:
    """
    What took five seconds to come is five seconds old: a key that was removed meanwhile works no longer than it should.
    """
    cache: TtlCache[str] = TtlCache(60.0, clock)

    def slow() -> str:
        clock.sleep(5)
        return "old"

    cache.get("a", slow)
    clock.sleep(55)

    assert cache.get("a", gives("new")) == "new"


def test_what_could_not_be_fetched_is_not_kept(clock: FakeClock) -> None:
    """
    The error is the caller's, and the next one tries again.
    """
    cache: TtlCache[str] = TtlCache(60.0, clock)

    with pytest.raises(AssertionError):
        cache.get("a", nobody_fetches)

    assert cache.get("a", gives("here")) == "here"


def test_nothing_is_a_value_too() -> None:
    """
    That there is no such key is worth knowing for a minute.
    """
    cache: TtlCache[str | None] = TtlCache(60.0, FakeClock())
    cache.get("a", lambda: None)

    assert cache.get("a", nobody_fetches) is None


def test_it_has_an_end(clock: FakeClock) -> None:
    """
    Whoever tries a million tokens does not fill the memory: what was used longest ago makes room.
    """
    cache: TtlCache[str] = TtlCache(60.0, clock, size=3)
    for name in "abc":
        cache.get(name, gives(name))

    cache.get("a", nobody_fetches)
    cache.get("d", gives("d"))

    assert [cache.get(name, nobody_fetches) for name in "acd"] == ["a", "c", "d"]
    assert cache.get("b", gives("again")) == "again"


@pytest.mark.usefixtures("frequent_thread_switches")
def test_threads_may_share_it(clock: FakeClock) -> None:
    """
    However many use it at the same time, each gets the value of its own name.
    """
    cache: TtlCache[str] = TtlCache(60.0, clock, size=5)

    def use(seed: int) -> bool:
        rng = Random(seed)
        names = [str(rng.randrange(20)) for _ in range(2000)]

        return all(cache.get(name, gives(name)) == name for name in names)

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(use, range(8)))
