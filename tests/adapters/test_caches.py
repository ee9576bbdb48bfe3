"""The contract of `AnswerCache`, for the table, the memory before it and the fake, and what only some have."""

from __future__ import annotations

import zlib
from concurrent.futures import ThreadPoolExecutor
from random import Random
from typing import Any

import pytest

from rerank_gateway.adapters.aws.dynamodb_cache import DynamoAnswerCache
from rerank_gateway.adapters.aws.json_api import DYNAMODB
from rerank_gateway.adapters.aws.patience import FAIL_FAST
from rerank_gateway.adapters.cache.memory_cache import COOLDOWN_S, MemoryAnswerCache
from rerank_gateway.domain.answer import CachedAnswer
from rerank_gateway.domain.errors import Unavailable
from rerank_gateway.domain.ports import AnswerCache
from rerank_gateway.domain.ranking import Ranking
from rerank_gateway.domain.target import Target
from tests.embedded_aws import aws_api
from tests.fakes import FakeCache, FakeClock
from tests.tables import cache_table

NOW = 2_000.0
TARGET = Target("vllm", "BAAI/bge-reranker-v2-m3")


def cached_answer(results: int = 2, expires_at: float = NOW + 60, best: float = 0.9) -> CachedAnswer:
    scored = tuple((index, best / (index + 1)) for index in range(results))

    return CachedAnswer(Ranking(scored, "logit"), TARGET, NOW, expires_at)


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def table(embedded_aws: Any) -> DynamoAnswerCache:
    cache_table(embedded_aws)

    return DynamoAnswerCache("cache", aws_api(DYNAMODB, FAIL_FAST))


@pytest.fixture(params=["fake", "memory", "memory before dynamodb", "dynamodb"])
def cache(request: pytest.FixtureRequest, clock: FakeClock) -> AnswerCache:
    if request.param == "fake":
        return FakeCache()
    if request.param == "memory":
        return MemoryAnswerCache(None, clock)
    table: DynamoAnswerCache = request.getfixturevalue("table")

    return table if request.param == "dynamodb" else MemoryAnswerCache(table, clock)


def test_what_is_kept_is_found(cache: AnswerCache) -> None:
    """
    To the last bit of a score, with the kind of the scores, whose they are, and what was truncated.
    """
    kept = CachedAnswer(
        Ranking(((7, 0.1 + 0.2), (0, 1e-300), (3, -0.0)), "rrf"), TARGET, NOW, NOW + 60, frozenset((3, 7))
    )

    cache.keep("k", kept)

    assert cache.find("k", NOW) == kept
    assert cache.find("another", NOW) is None


def test_what_has_expired_is_not_found(cache: AnswerCache) -> None:
    """
    DynamoDB deletes late, which nobody notices.
    """
    cache.keep("k", cached_answer(expires_at=NOW + 60))

    assert cache.find("k", NOW + 59.9)
    assert cache.find("k", NOW + 60.0) is None
    assert cache.find("k", NOW + 61.0) is None


def test_what_is_kept_later_counts(cache: AnswerCache) -> None:
    """
    A newer answer replaces the old one.
    """
    cache.keep("k", cached_answer(best=0.5))
    cache.keep("k", cached_answer(results=3, expires_at=NOW + 90))

    assert cache.find("k", NOW + 80) == cached_answer(results=3, expires_at=NOW + 90)


def test_threads_may_share_it(cache: AnswerCache) -> None:
    """
    A worker's jobs look for answers and keep theirs at the same time.
    """

    def use(number: int) -> CachedAnswer | None:
        key = f"k{number % 5}"
        cache.keep(key, cached_answer())

        return cache.find(key, NOW)

    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(use, range(40)))

    assert found == [cached_answer()] * 40


def test_ten_thousand_results_fit(cache: AnswerCache) -> None:
    """
    As many as a request may have.
    """
    rng = Random(7)
    scored = sorted(((index, rng.random()) for index in range(10_000)), key=lambda pair: -pair[1])
    kept = CachedAnswer(Ranking(tuple(scored)), TARGET, NOW, NOW + 60)

    cache.keep("k", kept)

    assert cache.find("k", NOW) == kept


def test_what_is_too_large_for_the_table_is_left_out(table: DynamoAnswerCache) -> None:
    """
    The caller does not notice: the next request goes to the provider again.
    """
    rng = Random(7)
    scored = tuple((index, rng.random()) for index in range(50_000))

    table.keep("k", CachedAnswer(Ranking(scored), TARGET, NOW, NOW + 60))

    assert table.find("k", NOW) is None


def test_the_item_is_what_the_table_deletes_by_itself(embedded_aws: Any, table: DynamoAnswerCache) -> None:
    """
    `expires_at` is in whole epoch seconds, and there is nothing to read in the rest.
    """
    table.keep("k", cached_answer(expires_at=NOW + 0.5))

    item = embedded_aws("dynamodb").get_item(TableName="cache", Key={"cache_key": {"S": "k"}})["Item"]
    assert item.keys() == {"cache_key", "expires_at", "answer"}
    assert item["expires_at"] == {"N": "2001"}
    assert item["answer"].keys() == {"B"}


@pytest.mark.parametrize(
    "answer",
    [
        {"B": b"no zlib"},
        {"B": zlib.compress(b"no JSON")},
        {"B": zlib.compress(b"{}")},
        {"B": zlib.compress(b"[]")},
        {"B": zlib.compress(b'{"results": [1], "kind": "logit", "provider": "a", "model": "m"}')},
        {"S": "no bytes"},
    ],
)
def test_what_cannot_be_read_makes_room_for_an_answer(
    embedded_aws: Any, table: DynamoAnswerCache, answer: dict[str, Any]
) -> None:
    """
    Who wrote it knows; the next answer takes its place, and nobody takes the table for broken.
    """
    item = {"cache_key": {"S": "k"}, "expires_at": {"N": "9999"}, "answer": answer}
    embedded_aws("dynamodb").put_item(TableName="cache", Item=item)

    before = table.find("k", NOW)
    table.keep("k", cached_answer())

    assert before is None
    assert table.find("k", NOW) == cached_answer()


def test_an_item_of_somebody_elses_is_no_answer(embedded_aws: Any, table: DynamoAnswerCache) -> None:
    """
    Nothing needs to be in it.
    """
    embedded_aws("dynamodb").put_item(TableName="cache", Item={"cache_key": {"S": "k"}})

    assert table.find("k", NOW) is None


def test_a_table_that_is_gone_is_unavailable(embedded_aws: Any) -> None:
    """
    For looking as for keeping.
    """
    gone = DynamoAnswerCache("no-such-table", aws_api(DYNAMODB, FAIL_FAST))

    with pytest.raises(Unavailable):
        gone.find("k", NOW)
    with pytest.raises(Unavailable):
        gone.keep("k", cached_answer())


def test_environments_share_the_table(table: DynamoAnswerCache, clock: FakeClock) -> None:
    """
    What one of them was answered, another one finds, and knows from then on.
    """
    one, other = MemoryAnswerCache(table, clock), MemoryAnswerCache(table, clock)
    one.keep("k", cached_answer())

    assert other.find("k", NOW) == cached_answer()
    assert "k" in other.answers


def test_memory_serves_what_it_knows_when_the_table_is_lost(embedded_aws: Any, table: DynamoAnswerCache) -> None:
    """
    Only what is not cached here cannot be found.
    """
    memory = MemoryAnswerCache(table, FakeClock())
    memory.keep("k", cached_answer())

    embedded_aws("dynamodb").delete_table(TableName="cache")

    assert memory.find("k", NOW) == cached_answer()
    with pytest.raises(Unavailable):
        memory.find("another", NOW)
    with pytest.raises(Unavailable):
        memory.find("another", NOW)


class Counted(FakeCache):
    """Counts how often it is called."""

    calls = 0

    def _must_work(self) -> None:
        self.calls += 1
        super()._must_work()


def test_a_broken_table_is_left_alone_for_half_a_minute(clock: FakeClock) -> None:
    """
    Not every request waits for what will not come; answers of the meantime are cached here.
    """
    shared = Counted(broken=True)
    memory = MemoryAnswerCache(shared, clock)

    for _ in range(10):
        with pytest.raises(Unavailable):
            memory.find("k", NOW)
    memory.keep("k", cached_answer())

    assert shared.calls == 1
    assert memory.find("k", NOW) == cached_answer()


def test_a_table_that_works_again_is_used_again(clock: FakeClock) -> None:
    """
    After half a minute it is called as before.
    """
    shared = Counted(broken=True)
    memory = MemoryAnswerCache(shared, clock)
    with pytest.raises(Unavailable):
        memory.keep("k", cached_answer())

    shared.broken = False
    clock.time += COOLDOWN_S
    memory.keep("k", cached_answer())

    assert shared.kept == {"k": cached_answer()}
    assert memory.find("another", NOW) is None


def test_memory_has_room_for_so_many_rows_and_no_more() -> None:
    """
    The answers that were used longest ago make room for new ones.
    """
    memory = MemoryAnswerCache(None, FakeClock(), max_rows=10)
    for name in "abcde":
        memory.keep(name, cached_answer(results=2))

    memory.find("a", NOW)
    memory.keep("f", cached_answer(results=3))

    assert {name for name in "abcdef" if memory.find(name, NOW)} == {"a", "d", "e", "f"}
    assert memory.answers.currsize == rows_in(memory) == 9


def test_what_has_expired_takes_no_room() -> None:
    """
    Nor does what was replaced.
    """
    memory = MemoryAnswerCache(None, FakeClock(), max_rows=10)
    memory.keep("old", cached_answer(results=4, expires_at=NOW))
    memory.find("old", NOW)
    memory.keep("twice", cached_answer(results=6))
    memory.keep("twice", cached_answer(results=5))

    assert memory.answers.currsize == 5


def test_what_is_larger_than_all_the_room_is_not_kept() -> None:
    """
    The others stay, and what it was to replace is not found any more.
    """
    memory = MemoryAnswerCache(None, FakeClock(), max_rows=10)
    memory.keep("small", cached_answer(results=4))
    memory.keep("large", cached_answer(results=5))

    memory.keep("large", cached_answer(results=11))

    assert memory.find("large", NOW) is None
    assert memory.find("small", NOW)
    assert memory.answers.currsize == 4


@pytest.mark.usefixtures("frequent_thread_switches")
def test_memory_keeps_count_among_threads() -> None:
    """
    However many use it at the same time, it never holds more than it may, and never loses room.
    """
    memory = MemoryAnswerCache(None, FakeClock(), max_rows=50)

    def use(seed: int) -> None:
        rng = Random(seed)
        for _ in range(1000):
            key = str(rng.randrange(40))
            memory.keep(key, cached_answer(rng.randrange(1, 6), expires_at=rng.choice([NOW, NOW + 60])))
            memory.find(str(rng.randrange(40)), NOW)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(use, range(8)))

    assert memory.answers.currsize == rows_in(memory) <= 50


def rows_in(memory: MemoryAnswerCache) -> int:
    return sum(len(answer.ranking.results) for answer in memory.answers.values())
