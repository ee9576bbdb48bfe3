"""Values that may be a little old."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import count
from random import Random
from typing import Any

import pytest

from rerank_gateway.adapters.cache.ttl_cache import FAILURE_TTL_S, Staleness, TtlCache
from rerank_gateway.domain.errors import Unavailable
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


def test_who_needs_a_younger_value_has_it_fetched(clock: FakeClock) -> None:
    """
    No more often than that, and others have it then too.
    """
    cache: TtlCache[str] = TtlCache(60.0, clock)
    cache.get("a", gives("old"))

    clock.sleep(1.9)
    before = cache.get("a", nobody_fetches, max_age=2.0)
    clock.sleep(0.1)
    after = [cache.get("a", gives("new"), max_age=2.0), cache.get("a", nobody_fetches, max_age=2.0)]

    assert (before, after, cache.get("a", nobody_fetches)) == ("old", ["new", "new"], "new")


def test_who_asks_without_end_has_it_fetched_now_and_then(clock: FakeClock) -> None:
    """
    Whoever needs it as it is now has that ten times in a row, and from then on twice a second.
    """
    cache: TtlCache[int] = TtlCache(60.0, clock)
    numbers = count()
    cache.get("a", numbers.__next__)

    at_once = [cache.get("a", numbers.__next__, max_age=0.0) for _ in range(30)]
    clock.sleep(1.0)
    later = [cache.get("a", numbers.__next__, max_age=0.0) for _ in range(30)]

    assert (at_once[:10], at_once[-1], later[:2], later[-1]) == ([*range(1, 11)], 10, [11, 12], 12)


def test_a_source_that_is_left_alone_is_left_alone_by_everyone(clock: FakeClock) -> None:
    """
    Also by those who need a value as it is now: finding out anew that it is down takes seconds.
    """
    source = Source()
    cache = cache_for(clock, Log())
    cache.get("a", source)
    source.down = OUTAGE

    served = [cache.get("a", source, max_age=0.0) for _ in range(5)]

    assert (served, source.asked) == (["old"] * 5, 2)


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


def test_what_nobody_has_keeps_nothing_out(clock: FakeClock) -> None:
    """
    Whoever tries a million tokens takes no place from those that are known; what comes to be, or goes, changes over.
    """
    cache: TtlCache[str | None] = TtlCache(60.0, clock, size=3)
    cache.get("a", gives("here"))
    for name in "bcdefgh":
        cache.get(name, lambda: None)

    before = [cache.get("a", nobody_fetches), cache.get("h", nobody_fetches)]
    clock.sleep(60)
    changed = [cache.get("a", lambda: None), cache.get("h", gives("there"))]

    assert (before, changed) == (["here", None], [None, "there"])
    assert [cache.get("a", nobody_fetches), cache.get("h", nobody_fetches)] == changed


def test_values_age_while_the_process_is_frozen(clock: FakeClock) -> None:
    """
    A key that was removed meanwhile is gone after a minute of the calendar.
    """
    cache: TtlCache[str] = TtlCache(60.0, clock)
    cache.get("a", gives("old"))

    clock.frozen += 60.0

    assert cache.get("a", gives("new")) == "new"


@dataclass
class Source:
    """Gives what is *true*, unless it is *down*."""

    true: str | None = "old"
    down: Unavailable | None = None
    asked: int = 0

    def __call__(self) -> str | None:
        self.asked += 1
        if self.down:
            raise self.down

        return self.true


@dataclass
class Log:
    lines: list[tuple[str, Mapping[str, Any]]] = field(default_factory=list)

    def __call__(self, event: str, fields: Mapping[str, Any]) -> None:
        self.lines.append((event, fields))


OUTAGE = Unavailable("the store cannot be reached", cause="dynamodb.GetItem ConnectTimeoutError")
REFUSAL = Unavailable("the store cannot be reached", cause="dynamodb.GetItem AccessDenied", is_outage=False)


def cache_for(clock: FakeClock, log: Log) -> TtlCache[str | None]:
    """Values for a minute, and for ten more in an outage."""
    return TtlCache(60.0, clock, Staleness(600.0, "key", log))


def test_the_last_value_serves_on_in_an_outage_for_a_while(clock: FakeClock) -> None:
    """
    The log says so, with the cause; then it is over.
    """
    source, log = Source(), Log()
    cache = cache_for(clock, log)
    cache.get("a", source)
    source.down = OUTAGE

    clock.sleep(659.0)
    served = cache.get("a", source)
    clock.sleep(FAILURE_TTL_S)

    with pytest.raises(Unavailable):
        cache.get("a", source)
    assert served == "old"
    assert log.lines == [
        ("stale_value_served", {"what": "key", "cause": OUTAGE.cause, "age_s": 659}),
        ("lookup_failed", {"what": "key", "cause": OUTAGE.cause}),
    ]


def test_a_failed_lookup_is_remembered_for_seconds(clock: FakeClock) -> None:
    """
    Not every request waits for a source that is out of reach, whether it has an old value or none.
    """
    source, log = Source(down=OUTAGE), Log()
    cache = cache_for(clock, log)

    for _ in range(3):
        with pytest.raises(Unavailable) as told:
            cache.get("a", source)
    asked = source.asked
    clock.sleep(FAILURE_TTL_S)
    source.down = None

    assert cache.get("a", source) == "old"
    assert (asked, told.value.cause, len(log.lines)) == (1, OUTAGE.cause, 1)


def test_the_source_is_asked_again_soon_after_an_outage(clock: FakeClock) -> None:
    """
    An old value is in use for no longer than necessary.
    """
    source = Source()
    cache = cache_for(clock, Log())
    cache.get("a", source)
    source.down = OUTAGE
    clock.sleep(60.0)
    during = [cache.get("a", source) for _ in range(3)]
    asked = source.asked

    source.down, source.true = None, "new"
    clock.sleep(FAILURE_TTL_S)

    assert (during, asked) == (["old"] * 3, 2)
    assert cache.get("a", source) == "new"


@pytest.mark.parametrize(("true", "down"), [("old", REFUSAL), (None, OUTAGE)], ids=["refused", "nothing was known"])
def test_what_no_longer_holds_does_not_serve_on(clock: FakeClock, true: str | None, down: Unavailable) -> None:
    """
    Who is told no has an answer; and that a key was unknown is no reason to turn it away in an outage.
    """
    source = Source(true)
    cache = cache_for(clock, Log())
    cache.get("a", source)
    source.down = down

    clock.sleep(60.0)

    with pytest.raises(Unavailable):
        cache.get("a", source)


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
