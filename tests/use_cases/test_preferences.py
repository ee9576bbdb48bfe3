"""Preferences that rest on what is known of targets: their prices, and how fast they were."""

from __future__ import annotations

from rerank_gateway.domain.errors import TargetFailed, TargetMissing
from rerank_gateway.domain.preferences import Preferences, SortBy
from rerank_gateway.domain.price import Price
from rerank_gateway.domain.profile import Profile
from rerank_gateway.domain.request import RerankRequest
from rerank_gateway.use_cases.rerank import Rerank
from tests.fakes import FakeClock, FakeReranker, request, request_of
from tests.use_cases.routers import alias, fuse, rerank_by, run, targets, tried

ALIASES = {"any": alias("a", "b", "c", last_resort="spare"), "all": fuse("a", "b", "c")}


def asked(texts: list[str] | None = None, sort: SortBy = "price", model: str = "any") -> RerankRequest:
    return request_of(texts or ["a text"], model=model, preferences=Preferences(sort=sort))


def priced(a: Price | None, b: Price | None, c: Price | None) -> Rerank:
    rerankers = {name: FakeReranker(known=Profile(price=price)) for name, price in (("a", a), ("b", b), ("c", c))}

    return rerank_by(ALIASES, **rerankers, spare=FakeReranker())


class Unconfigured(FakeReranker):
    def profile(self, model: str) -> Profile:
        raise TargetMissing("it is not configured here")


def test_the_cheapest_for_this_request_is_asked_first() -> None:
    """
    Who counts searches is dear for one short document and cheap for a hundred long ones.
    """
    rerank = priced(Price(per_search=0.002), Price(per_million_tokens=0.05), None)

    short, long = run(rerank, asked()), run(rerank, asked(["a text" * 1000] * 100))

    assert targets(short) == ["b/m"]
    assert targets(long) == ["a/m"]


def test_searches_are_counted_as_providers_do() -> None:
    """
    Three hundred documents are three searches, though they are short.
    """
    rerank = priced(Price(per_search=0.002), Price(per_million_tokens=10.0), None)

    assert targets(run(rerank, asked(["a text"] * 300))) == ["b/m"]
    assert targets(run(rerank, asked(["a text"] * 100))) == ["b/m"]
    assert targets(run(rerank, asked(["a longer text than before"] * 100))) == ["a/m"]


def test_who_names_no_price_comes_last() -> None:
    """
    So do those who are not configured here; whom nobody knows keeps the operator's order.
    """
    rerank = priced(None, None, Price(per_search=1.0))

    assert targets(run(rerank, asked())) == ["c/m"]
    assert targets(run(priced(None, None, None), asked())) == ["a/m"]


def test_a_target_that_is_not_configured_does_no_harm() -> None:
    """
    Its price is not known, and when its turn comes it costs an attempt.
    """
    free = FakeReranker([TargetFailed("down")], known=Profile(price=Price()))
    rerank = rerank_by(ALIASES, a=Unconfigured(), b=free, c=FakeReranker(), spare=FakeReranker())

    answer = run(rerank, request(model="any", preferences=Preferences(sort="price", ignore=("c",))))

    assert tried(answer) == [("b", 502), ("a", 404), ("spare", 200)]


def test_who_was_fastest_lately_is_asked_first() -> None:
    """
    Whoever has not been asked here yet comes after those who have.
    """
    clock = FakeClock()
    rerankers = {
        name: FakeReranker(clock=clock, seconds=seconds) for name, seconds in (("a", 3.0), ("b", 1.0), ("c", 0.1))
    }
    rerank = rerank_by(ALIASES, clock, **rerankers, spare=FakeReranker())
    for name in ("a", "b"):
        run(rerank, request(model=f"{name}/m"))

    assert targets(run(rerank, asked(sort="latency"))) == ["b/m"]


def test_fallbacks_still_answer_for_the_cheapest() -> None:
    """
    The next cheapest is next.
    """
    rerankers = {
        "a": FakeReranker(known=Profile(price=Price(per_search=3.0))),
        "b": FakeReranker([TargetFailed("down")], known=Profile(price=Price(per_search=1.0))),
        "c": FakeReranker(known=Profile(price=Price(per_search=2.0))),
    }

    answer = run(rerank_by(ALIASES, **rerankers, spare=FakeReranker()), asked())

    assert tried(answer) == [("b", 502), ("c", 200)]


def test_preferences_choose_who_is_fused() -> None:
    """
    `ignore` leaves a member out, and the others' rankings make the answer.
    """
    rerank = priced(None, None, None)

    answer = run(rerank, request(model="all", preferences=Preferences(ignore=("b",))))

    assert targets(answer) == ["a/m", "c/m"]
    assert answer.ranking.kind == "rrf"


def test_without_fallbacks_the_first_choice_answers_or_nobody() -> None:
    """
    Also when it is in trouble: it is the only one left.
    """
    rerank = priced(None, None, None)
    only = request(model="any", preferences=Preferences(order=("b",), allow_fallbacks=False))
    for _ in range(5):
        rerank.ask.breaker.record_failure(alias("b").targets[0], TargetFailed("down"), 2.0)

    assert targets(run(rerank, only)) == ["b/m"]
