"""What a virtual key is good for."""

from __future__ import annotations

import pytest

from rerank_gateway.domain.errors import NotAllowed, NotAuthenticated
from rerank_gateway.domain.keys import VirtualKey, hash_of_token
from rerank_gateway.domain.target import Target

COHERE, LOCAL = Target("cohere", "rerank-v3.5"), Target("local", "bm25")


def test_a_glob_covers_targets() -> None:
    """
    `cohere/*` is every model of Cohere, and none of anybody else's.
    """
    key = VirtualKey("k", models=("cohere/*",))

    assert key.allows("cohere/rerank-v3.5", [COHERE])
    assert not key.allows("local/bm25", [LOCAL])


def test_an_alias_is_allowed_by_its_name_or_by_all_of_its_targets() -> None:
    """
    An alias is no way around a key's globs.
    """
    assert VirtualKey("k", models=("default",)).allows("default", [COHERE, LOCAL])
    assert VirtualKey("k", models=("cohere/*", "local/*")).allows("default", [COHERE, LOCAL])
    assert not VirtualKey("k", models=("cohere/*",)).allows("default", [COHERE, LOCAL])


def test_a_key_without_models_allows_none() -> None:
    """
    An empty list is no licence.
    """
    with pytest.raises(NotAllowed, match="local/bm25"):
        VirtualKey("k", models=()).must_allow("local/bm25", [LOCAL])


@pytest.mark.parametrize("key", [VirtualKey("k", disabled=True), VirtualKey("k", expires_at=99.0)])
def test_a_disabled_or_expired_key_is_no_key(key: VirtualKey) -> None:
    """
    Its holder is told that the key is blocked, with the word that Bifrost has for it.
    """
    with pytest.raises(NotAuthenticated) as refused:
        key.must_be_valid(now=99.0)

    assert refused.value.reason == "virtual_key_blocked"


def test_a_fingerprint_is_the_sha_256_of_the_token() -> None:
    """
    The value that an operator computes with sha256sum finds the record.
    """
    assert hash_of_token("sk-local") == "7c9f8cb332edbdb1679a6876df821b38cfee40359a5540148444f31446af1ff4"


def test_a_token_that_is_no_unicode_has_a_fingerprint_too() -> None:
    """
    A strange header makes an unknown key, not an error of ours.
    """
    assert len(hash_of_token("\ud800")) == 64
