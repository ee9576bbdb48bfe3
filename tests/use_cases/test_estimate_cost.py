"""What a request may cost, before anyone is asked."""

from __future__ import annotations

from typing import Any

import pytest

from rerank_gateway.domain.attempt import Attempt
from rerank_gateway.domain.errors import NotAllowed, TargetBusy, TargetOutpaced, TargetTimedOut
from rerank_gateway.domain.price import Price
from rerank_gateway.domain.profile import Limits, Profile
from rerank_gateway.domain.retry import RetryPolicy
from rerank_gateway.domain.routing.aliases import Alias, Routing
from rerank_gateway.domain.spending.cost import Estimate
from rerank_gateway.domain.target import Target
from rerank_gateway.domain.usage import Usage
from rerank_gateway.use_cases.spending.estimate_cost import EstimateCost
from tests.fakes import FakeReranker, request

SEARCH, TOKENS, FREE = Target("search", "m"), Target("tokens", "m"), Target("free", "m")
PROFILES: dict[str, Profile] = {
    "search": Profile(price=Price(per_search=0.002)),
    "tokens": Profile(price=Price(per_million_tokens=0.05)),
    "free": Profile(price=Price()),
    "small": Profile(price=Price(per_search=0.002), limits=Limits(documents=2)),
    "unknown": Profile(),
}
ALIASES = {"both": Alias((SEARCH, TOKENS)), "safe": Alias((SEARCH,), last_resort=FREE)}


def estimate(model: str, **changes: Any) -> Estimate:
    routing = Routing(PROFILES, ALIASES)

    return EstimateCost(routing, lambda provider: FakeReranker(known=PROFILES[provider]))(
        request(model=model, **changes)
    )


@pytest.mark.parametrize("model", ["search/m", "safe"])
def test_a_price_per_search_is_known_beforehand(model: str) -> None:
    """
    Also where somebody stands in who costs nothing.
    """
    assert (estimate(model).at_most, estimate(model).exact) == (2_000_000, SEARCH)


def test_tokens_are_as_many_as_bytes_at_most() -> None:
    """
    Whoever bills them counts them; the estimate is above what they usually are.
    """
    three_texts = request().texts
    made = estimate("tokens/m")

    most = sum(len("which one?") + 8 + len(text) for text in three_texts) * 50
    assert (made.at_most, made.exact) == (most, None)
    assert 0 < made.expected[TOKENS] < most


def test_everyone_who_may_be_asked_counts() -> None:
    """
    Fallbacks, tries and parts: whatever may be paid for is reserved.
    """
    once, parts = estimate("search/m").at_most, estimate("small/m")

    assert estimate("both").at_most == once + estimate("tokens/m").at_most
    assert estimate("search/m", fallbacks=("tokens/m",)).at_most == estimate("both").at_most
    assert estimate("search/m", retry=RetryPolicy(count=2)).at_most == 3 * once
    assert (parts.expected[Target("small", "m")], parts.at_most) == (2 * once, 4 * once)


def test_a_price_that_nobody_knows_is_refused() -> None:
    """
    And the operator told where to say it.
    """
    with pytest.raises(NotAllowed, match=r"\[prices.'unknown/m'\]"):
        estimate("search/m", fallbacks=("unknown/m",))


def test_what_may_have_been_billed_is_charged() -> None:
    """
    A try that timed out or was outpaced, beside the one that answered; not one that was turned away.
    """
    attempts = [
        Attempt(TOKENS, 1.0, TargetTimedOut("late")),
        Attempt(TOKENS, 1.0, TargetBusy("busy")),
        Attempt(SEARCH, 1.0),
    ]
    made = estimate("both")

    answered = made.charge(attempts, SEARCH, Usage(cost=0.002))

    assert answered == 2_000_000 + made.expected[TOKENS]
    assert made.charge([Attempt(SEARCH, 1.0, TargetOutpaced("slow"))]) == 2_000_000
    assert made.charge([], SEARCH, Usage()) == 2_000_000
    assert made.charge([], SEARCH, Usage(cost=0.5)) == 500_000_000
