"""What a provider means, whatever it says."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rerank_gateway.adapters.providers.errors import MAX_MESSAGE_CHARS, to_target_error
from rerank_gateway.adapters.providers.masking import Mask
from rerank_gateway.adapters.transports.messages import ProviderResponse
from rerank_gateway.adapters.transports.retry_after import MAX_RETRY_AFTER_S

KEY = "sk-0123456789abcdef"
MASK = Mask.of("https://rerank.internal:8000/v1", KEY, {"authorization": f"Bearer {KEY}", "x-token": "token-0123"})


def retry_after(value: str) -> float | None:
    return to_target_error(ProviderResponse(429, {"retry-after": value}, b"")).retry_after


def told(message: str, mask: Mask = MASK) -> str:
    """What a caller hears of a provider's *message*."""
    body = b'{"message": %b}' % repr(message).replace("'", '"').encode()

    return to_target_error(ProviderResponse(400, {}, body), mask).message


@given(st.text(st.characters(codec="latin-1")) | st.from_regex(r"(Fri, )?\d+ Dec \d+ [\d:]+ ([+-]\d+|GMT)"))
def test_any_retry_after_is_read_or_ignored(value: str) -> None:
    """
    Nothing that stands there is an error of ours.
    """
    seconds = retry_after(value)

    assert seconds is None or 0.0 <= seconds <= MAX_RETRY_AFTER_S


def test_dates_and_numbers_are_read() -> None:
    """
    What has passed means no wait, and nobody is waited for longer than a day.
    """
    now = datetime.now(UTC)
    soon, past, never = (format_datetime(now + timedelta(seconds=each), usegmt=True) for each in (60, -60, 10**9))

    assert [retry_after(value) for value in ("7", "1.5", "9" * 400, past, never)] == [
        7.0,
        1.5,
        MAX_RETRY_AFTER_S,
        0.0,
        MAX_RETRY_AFTER_S,
    ]
    assert 50.0 < (retry_after(soon) or 0.0) <= 60.0


@pytest.mark.parametrize(
    ("said", "heard"),
    [
        (f"bad key {KEY}", "bad key [key]"),
        (f"Bearer {KEY}!", "[key]!"),
        ("token-0123 is stale", "[key] is stale"),
        ("see https://api.example/x?key=1 there", "see [address] there"),
        ("no model at rerank.internal:8000", "no model at [address]"),
        ("10.1.2.3:80 and [fe80::1]:80 are down", "[address] and [address] are down"),
        ("arn:aws:sagemaker:eu-west-1:123456789012:endpoint/x failed", "[address] failed"),
        ("rerank-v3.5 takes 4.096 tokens", "rerank-v3.5 takes 4.096 tokens"),
    ],
)
def test_keys_and_addresses_are_masked(said: str, heard: str) -> None:
    """
    What is left is what the provider has to say about the request.
    """
    assert told(said) == f"the provider answered 400: {heard}"


def test_a_key_at_the_end_of_what_is_quoted_is_not_cut_in_two() -> None:
    """
    It is masked before the message is shortened.
    """
    message = told("x" * (MAX_MESSAGE_CHARS - 4) + KEY)

    assert KEY[:4] not in message


def test_a_short_key_does_not_make_words_unreadable() -> None:
    """
    The letter k is in many of them.
    """
    assert told("a keen remark", Mask.of("http://z.example/", "k", {})) == "the provider answered 400: a keen remark"
