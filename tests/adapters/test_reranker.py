"""A provider as a Reranker: which key it uses, and what it knows of models."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from random import Random

import pytest

from rerank_gateway.adapters.credentials.key_ring import KeyRing, ProviderKey
from rerank_gateway.adapters.providers.reranker import MAX_PROFILES
from rerank_gateway.adapters.transports.messages import ProviderResponse
from rerank_gateway.domain.errors import TargetError
from tests.adapters.providers import reranker
from tests.fakes import FakeClock, FakeTransport, request, within

RANKED = ProviderResponse(200, {}, b'{"results": [{"index": 0, "relevance_score": 0.9}]}')


@dataclass
class Cohere:
    """Cohere with *keys*, on a *clock* of its own, and the responses that it gives."""

    keys: Sequence[str] = ("a", "b")
    clock: FakeClock = field(default_factory=FakeClock)
    responses: list[ProviderResponse] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.transport = FakeTransport(self.responses)
        ring = KeyRing(lambda _: [ProviderKey(key) for key in self.keys], self.clock, Random(0))
        self.reranker = replace(reranker(self.transport, "cohere", "http://upstream"), keys=ring)

    def rank(self, response: ProviderResponse = RANKED) -> str:
        """The key of the request that gets *response*."""
        self.responses.append(response)
        with suppress(TargetError):
            self.reranker.rerank(request(top_n=1), "rerank-v3.5", within(5.0, self.clock))

        return self.transport.sent[-1][1]["authorization"].removeprefix("Bearer ")

    def used_keys(self) -> set[str]:
        """The keys of the next thirty requests."""
        return {self.rank() for _ in range(30)}


@pytest.mark.parametrize("status", [401, 403, 429])
def test_a_key_that_was_refused_cools_down(status: int) -> None:
    """
    One that was rejected or has used up its quota is passed over for half a minute, and then used again.
    """
    cohere = Cohere()
    refused = cohere.rank(ProviderResponse(status, {}, b"{}"))

    cohere.clock.sleep(29.9)
    cooling = cohere.used_keys()
    cohere.clock.sleep(0.1)

    assert refused not in cooling
    assert cohere.used_keys() == {"a", "b"}


@pytest.mark.parametrize(("retry_after", "seconds"), [("120", 120), ("2", 30)])
def test_a_key_cools_down_as_long_as_its_provider_says(retry_after: str, seconds: int) -> None:
    """
    But never for less than half a minute, or two of them could take turns failing.
    """
    cohere = Cohere()
    refused = cohere.rank(ProviderResponse(429, {"retry-after": retry_after}, b"{}"))

    cohere.clock.sleep(seconds - 0.1)
    cooling = cohere.used_keys()
    cohere.clock.sleep(0.1)

    assert refused not in cooling
    assert cohere.used_keys() == {"a", "b"}


@pytest.mark.parametrize("status", [400, 500, 503, 529])
def test_a_key_does_not_cool_down_for_what_is_not_its_fault(status: int) -> None:
    """
    A provider that is overloaded is so for all of its keys.
    """
    cohere = Cohere()

    cohere.rank(ProviderResponse(status, {}, b"{}"))

    assert cohere.used_keys() == {"a", "b"}


def test_a_model_s_profile_is_found_once() -> None:
    """
    Every request needs it several times; callers name models as they like, so there is an end to how many are cached.
    """
    provider = Cohere().reranker
    first = provider.profile("rerank-v3.5")

    known = provider.profile("rerank-v3.5")
    for number in range(MAX_PROFILES):
        provider.profile(f"invented-{number}")

    assert known is first
    assert provider.profile("rerank-v3.5") == first
    assert provider.profile("rerank-v3.5") is not first
