"""Who may come in, and with what."""

from __future__ import annotations

import pytest

from rerank_gateway.domain.errors import NotAllowed, NotAuthenticated, TooLarge, UnknownModel
from rerank_gateway.domain.keys import VirtualKey
from rerank_gateway.domain.ports import Reranker
from rerank_gateway.domain.request import WeightedModel
from rerank_gateway.domain.routing.aliases import Routing
from rerank_gateway.use_cases.authenticate import Authenticate
from rerank_gateway.use_cases.authorize import Authorize
from rerank_gateway.use_cases.resolve_names import ResolveNames
from tests.fakes import FakeClock, FakeKeyStore, request

ALL, ONE = VirtualKey("all"), VirtualKey("one", models=("ready/*",))
KEYS = FakeKeyStore({"sk-all": ALL, "sk-one": ONE, "sk-old": VirtualKey("old", expires_at=1.0)})
AUTHENTICATE = Authenticate(KEYS, FakeClock())
NOBODY: dict[str, Reranker] = {}
ROUTING = Routing(providers={"ready", "busy"})
NAMES = ResolveNames(ROUTING, NOBODY.__getitem__, lambda _: ())
ADMIT = Authorize(ROUTING, max_documents=3, rerankers=NOBODY.__getitem__, resolve_names=NAMES)


def test_a_known_token_is_its_key() -> None:
    """
    The record behind a token is found by its fingerprint.
    """
    assert AUTHENTICATE("sk-one") is ONE


@pytest.mark.parametrize(
    ("token", "reason"),
    [
        (None, "virtual_key_required"),
        ("", "virtual_key_required"),
        ("sk-wrong", "virtual_key_not_found"),
        ("sk-old", "virtual_key_blocked"),
    ],
)
def test_any_other_token_is_refused_with_a_reason(token: str | None, reason: str) -> None:
    """
    No key, an unknown one and a blocked one are told apart.
    """
    with pytest.raises(NotAuthenticated) as refused:
        AUTHENTICATE(token)

    assert refused.value.reason == reason


@pytest.mark.parametrize(
    "asked",
    [
        request(model="busy/m"),
        request(fallbacks=("busy/m",)),
        request(load_balancer=(WeightedModel("ready/m", 1.0), WeightedModel("busy/m", 0.0))),
    ],
)
def test_a_key_must_allow_every_model_that_the_request_names(asked: object) -> None:
    """
    Neither a fallback nor a load balancer is a way around a key's globs.
    """
    with pytest.raises(NotAllowed, match="busy/m"):
        ADMIT(ONE, asked)  # type: ignore[arg-type]  # parametrize loses the type


def test_an_unknown_fallback_is_found_before_it_is_needed() -> None:
    """
    A typo in a fallback shows on the first request, not on the day of the outage.
    """
    with pytest.raises(UnknownModel, match="nobody"):
        ADMIT(ALL, request(fallbacks=("nobody/m",)))


def test_too_many_documents_are_too_large() -> None:
    """
    The limit is the configuration's.
    """
    with pytest.raises(TooLarge, match="at most 3"):
        ADMIT(ALL, request(documents=["d"] * 4, texts=["d"] * 4))


def test_what_is_authorized_is_bound_to_the_keys_models() -> None:
    """
    Whoever routes it knows whom the key allows beyond those whom the request names.
    """
    assert ADMIT(ONE, request(model="ready/m")).allowed_models == ("ready/*",)
