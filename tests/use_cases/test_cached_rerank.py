"""What has been answered before is not asked again."""

from __future__ import annotations

from typing import Any

import pytest

from rerank_gateway.domain.answer import Answer
from rerank_gateway.domain.attempt import AllTargetsFailed
from rerank_gateway.domain.errors import TargetFailed
from rerank_gateway.domain.preferences import Preferences, SortBy
from rerank_gateway.domain.price import Price
from rerank_gateway.domain.profile import Profile
from rerank_gateway.domain.request import RerankRequest, WeightedModel
from rerank_gateway.domain.retry import RetryPolicy
from rerank_gateway.domain.usage import Usage
from rerank_gateway.use_cases.cached_rerank import CachedRerank
from tests.fakes import FakeCache, FakeClock, FakeReranker, request, request_of, within
from tests.use_cases.routers import alias, fuse, rerank_by, targets

ALIASES = {"safe": alias("a", "b", last_resort="spare"), "all": fuse("a", "b")}
ASKED = request(model="a/m", cache_ttl=60)


def cached_rerank_with(a: FakeReranker, cache: FakeCache | None = None, clock: FakeClock | None = None) -> CachedRerank:
    clock = clock or FakeClock()
    rerank = rerank_by(ALIASES, clock, a=a, b=FakeReranker(), spare=FakeReranker())

    return CachedRerank(rerank, cache or FakeCache(), clock)


def run(cached: CachedRerank, asked: RerankRequest = ASKED, owner: str = "team") -> Answer:
    return cached(asked, owner, within(10.0, cached.clock))


def test_the_same_question_is_asked_once() -> None:
    """
    The second answer has the ranking of the first, makes no attempt and costs nothing; both say how it was.
    """
    a = FakeReranker(usage=Usage(total_tokens=7, cost=0.25))
    cached = cached_rerank_with(a)

    first, second = run(cached), run(cached)

    assert (first.cache, second.cache) == ("miss", "hit")
    assert (second.ranking, second.target) == (first.ranking, first.target)
    assert (second.usage, second.attempts, second.latency) == (Usage(cost=0.0), (), 0.0)
    assert len(a.questions) == 1


def test_who_does_not_ask_for_a_cache_has_none() -> None:
    """
    Nothing is kept of such a request, and nothing is looked for.
    """
    a, cache = FakeReranker(), FakeCache()
    cached = cached_rerank_with(a, cache)
    asked = request(model="a/m")

    answers = [run(cached, asked), run(cached, asked)]

    assert [answer.cache for answer in answers] == [None, None]
    assert len(a.questions) == 2
    assert cache.kept == {}


def test_nobody_gets_what_another_was_answered() -> None:
    """
    Every owner asks for themselves.
    """
    cached = cached_rerank_with(FakeReranker())
    run(cached)

    assert run(cached, owner="another").cache == "miss"
    assert run(cached).cache == "hit"


@pytest.mark.parametrize(
    "changes",
    [
        {"query": "another"},
        {"documents": ("a", "b", "c"), "texts": ("a", "b", "c")},
        {"images": {0: "https://a.example/a.png"}},
        {"top_n": 2},
        {"truncate": "start"},
        {"max_tokens_per_doc": 9},
        {"instruction": "by age"},
        {"normalized": True},
        {"extra_body": {"x": 1}},
        {"fallbacks": ("b/m",)},
    ],
    ids=lambda changes: next(iter(changes)),
)
def test_another_question_is_asked(changes: dict[str, Any]) -> None:
    """
    Whatever changes the ranking changes the question.
    """
    a = FakeReranker()
    cached = cached_rerank_with(a)
    run(cached)

    answer = run(cached, request(model="a/m", cache_ttl=60, **changes))

    assert answer.cache == "miss"
    assert len(a.questions) == 2


@pytest.mark.parametrize(
    "changes",
    [
        {"return_documents": True},
        {"retry": RetryPolicy(3)},
        {"call_timeout": 1.0},
        {"user": "somebody"},
        {"metadata": {"team": "search"}},
        {"cache_ttl": 5},
        {"priority": 1},
    ],
    ids=lambda changes: next(iter(changes)),
)
def test_the_same_question_may_be_put_in_another_way(changes: dict[str, Any]) -> None:
    """
    What does not change the ranking does not change the question.
    """
    cached = cached_rerank_with(FakeReranker())
    run(cached)

    assert run(cached, request(**{"model": "a/m", "cache_ttl": 60, **changes})).cache == "hit"


def test_an_answer_is_remembered_for_as_long_as_was_asked() -> None:
    """
    After that it is asked for again, and remembered again.
    """
    clock = FakeClock()
    cached = cached_rerank_with(FakeReranker(), clock=clock)
    run(cached)

    clock.time += 59.9
    before = run(cached)
    clock.time += 0.1
    after = run(cached)

    assert (before.cache, after.cache) == ("hit", "miss")
    assert run(cached).cache == "hit"


def test_an_answer_is_no_older_than_its_reader_wants() -> None:
    """
    However long another request would have kept it; who takes older ones gets the new answer from then on.
    """
    clock = FakeClock()
    cached = cached_rerank_with(FakeReranker(), clock=clock)
    run(cached)
    clock.time += 10

    kinds = [run(cached, request(model="a/m", cache_ttl=ttl)).cache for ttl in (11, 10, 10, 60)]

    assert kinds == ["hit", "miss", "hit", "hit"]


def test_what_a_fallback_answered_is_not_kept() -> None:
    """
    When the model that was asked for is back, it is asked.
    """
    cached = cached_rerank_with(FakeReranker([TargetFailed("down")]))
    asked = request(model="a/m", fallbacks=("b/m",), cache_ttl=60)

    first, second = run(cached, asked), run(cached, asked)

    assert targets(first) == ["a/m", "b/m"]
    assert (second.cache, targets(second)) == ("miss", ["a/m"])


def test_what_a_last_resort_answered_is_not_kept() -> None:
    """
    Half a minute of trouble does not spoil three days of answers.
    """
    down = [TargetFailed("down")]
    clock = FakeClock()
    rerank = rerank_by(ALIASES, clock, a=FakeReranker(down), b=FakeReranker(down), spare=FakeReranker())
    cached = CachedRerank(rerank, FakeCache(), clock)
    asked = request(model="safe", cache_ttl=60)

    first, second = run(cached, asked), run(cached, asked)

    assert str(first.target) == "spare/m"
    assert (second.cache, str(second.target)) == ("miss", "a/m")


def test_what_the_second_target_of_an_alias_answered_is_not_kept() -> None:
    """
    It is a fallback too: the first one is back for the next request.
    """
    cached = cached_rerank_with(FakeReranker([TargetFailed("down")]))
    asked = request(model="safe", cache_ttl=60)

    answers = [run(cached, asked), run(cached, asked), run(cached, asked)]

    assert [(str(answer.target), answer.cache) for answer in answers] == [
        ("b/m", "miss"),
        ("a/m", "miss"),
        ("a/m", "hit"),
    ]


def test_what_the_model_that_was_drawn_answered_is_kept() -> None:
    """
    The models of a load balancer stand for each other.
    """
    cached = cached_rerank_with(FakeReranker())
    drawn = request(model="a/m", load_balancer=(WeightedModel("b/m", 1.0),), cache_ttl=60)

    answers = [run(cached, drawn), run(cached, drawn)]

    assert [(str(answer.target), answer.cache) for answer in answers] == [("b/m", "miss"), ("b/m", "hit")]


@pytest.mark.parametrize("sort", ["price", "latency"])
def test_the_first_of_sorted_targets_is_kept_when_nobody_else_may_be_asked(sort: SortBy) -> None:
    """
    Whom the sorting put first is the first choice, whatever the order of the alias.
    """
    cheap = Profile(price=Price(per_search=0.001))
    rerank = rerank_by(ALIASES, a=FakeReranker(), b=FakeReranker(known=cheap), spare=FakeReranker())
    rerank.ask.breaker.record_success(alias("b").targets[0], 0.1)
    cached = CachedRerank(rerank, FakeCache(), rerank.ask.clock)
    asked = request(model="safe", cache_ttl=60, preferences=Preferences(sort=sort, allow_fallbacks=False))

    answers = [run(cached, asked), run(cached, asked)]

    assert [(str(answer.target), answer.cache) for answer in answers] == [("b/m", "miss"), ("b/m", "hit")]


def test_a_failure_is_not_kept() -> None:
    """
    It is worth another try.
    """
    cached = cached_rerank_with(FakeReranker([TargetFailed("down")]))

    with pytest.raises(AllTargetsFailed):
        run(cached)

    assert run(cached).cache == "miss"


def test_a_fused_answer_is_remembered_as_such() -> None:
    """
    Also the kind of its scores.
    """
    cached = cached_rerank_with(FakeReranker())
    asked = request(model="all", cache_ttl=60)

    first, second = run(cached, asked), run(cached, asked)

    assert (first.cache, second.cache) == ("miss", "hit")
    assert first.ranking == second.ranking


def test_a_fused_answer_that_somebody_is_missing_from_is_not_kept() -> None:
    """
    When all members are back, they are asked.
    """
    cached = cached_rerank_with(FakeReranker([TargetFailed("down")]))
    asked = request(model="all", cache_ttl=60)

    answers = [run(cached, asked), run(cached, asked), run(cached, asked)]

    assert [answer.cache for answer in answers] == ["miss", "miss", "hit"]


def test_those_whom_the_caller_left_out_of_a_fusion_are_not_missing() -> None:
    """
    The answer of the others is whole.
    """
    cached = cached_rerank_with(FakeReranker())
    asked = request(model="all", preferences=Preferences(only=("b",)), cache_ttl=60)

    assert [run(cached, asked).cache, run(cached, asked).cache] == ["miss", "hit"]


def test_scores_are_remembered_as_they_were_wanted() -> None:
    """
    Who asks for scores between 0 and 1 does not get logits out of the cache, nor the other way round.
    """
    cached = cached_rerank_with(FakeReranker(score=lambda text: -float(len(text))))
    texts = ["a", "bbb"]
    raw, normalized = (
        request_of(texts, model="a/m", cache_ttl=60, normalized=normalized) for normalized in (False, True)
    )

    kinds = [run(cached, asked).ranking.kind for asked in (raw, normalized, raw, normalized)]

    assert kinds == ["logit", "normalized", "logit", "normalized"]


def test_a_broken_cache_fails_no_request() -> None:
    """
    It only makes the answer dearer, and is told of.
    """
    a, cache = FakeReranker(), FakeCache(broken=True)
    cached = cached_rerank_with(a, cache)

    broken = [run(cached), run(cached)]
    cache.broken = False
    mended = [run(cached), run(cached)]

    assert [answer.cache for answer in broken] == ["unavailable", "unavailable"]
    assert [answer.cache for answer in mended] == ["miss", "hit"]
    assert len(a.questions) == 3


def test_a_cache_that_breaks_while_the_question_is_asked_fails_no_request() -> None:
    """
    The answer is there; keeping it can wait for another time.
    """
    cache = FakeCache()

    class Breaking(FakeReranker):
        def rerank(self, *given: Any) -> Any:
            cache.broken = True
            return super().rerank(*given)

    assert run(cached_rerank_with(Breaking(), cache)).cache == "miss"
    assert cache.kept == {}


def test_who_is_in_a_hurry_does_not_wait_for_the_cache() -> None:
    """
    An answer that comes at the last moment is given, not kept.
    """
    clock, cache = FakeClock(), FakeCache()
    cached = cached_rerank_with(FakeReranker(clock=clock, seconds=9.5), cache, clock)

    assert run(cached).cache == "miss"
    assert cache.kept == {}


def test_nothing_of_the_documents_is_kept() -> None:
    """
    Indices and scores are enough: documents come back from the request.
    """
    cache = FakeCache()
    run(cached_rerank_with(FakeReranker(), cache), request_of(["secret"], query="secret", model="a/m", cache_ttl=60))

    assert cache.kept
    assert "secret" not in repr(cache)
