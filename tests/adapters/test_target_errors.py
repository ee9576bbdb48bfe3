"""What a provider's error response becomes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from rerank_gateway.adapters.providers.errors import MAX_MESSAGE_CHARS, to_target_error
from rerank_gateway.adapters.transports.messages import ProviderResponse


def retry_after(value: str) -> float | None:
    return to_target_error(ProviderResponse(429, {"retry-after": value}, b"")).retry_after


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("7", 7.0),
        (" 0.5 ", 0.5),
        ("1e9", None),
        ("999999999", 86_400.0),
        ("-1", None),
        ("soon", None),
        ("", None),
        ("٣", None),
        ("Wed, 21 Oct 2015 07:28:00 GMT", 0.0),
        ("Fri, 31 Dec 2999 23:59:59 GMT", 86_400.0),
    ],
)
def test_retry_after_is_a_number_of_seconds_up_to_a_day(value: str, seconds: float | None) -> None:
    """
    As RFC 9110 has it; a date that has passed is now, and what is neither is as good as no header.
    """
    assert retry_after(value) == seconds


@pytest.mark.parametrize("zone", ["GMT", "-0000", "+0000"])
def test_retry_after_may_be_a_date(zone: str) -> None:
    """
    In UTC, whichever way that is written: `-0000` is how a date without a zone looks in mail.
    """
    in_a_minute = format_datetime(datetime.now(UTC) + timedelta(seconds=61)).removesuffix("+0000")

    assert retry_after(in_a_minute + zone) == pytest.approx(60, abs=2)


@pytest.mark.parametrize(
    ("status", "body", "message"),
    [
        (400, b'{"message": "no such field"}', "the provider answered 400: no such field"),
        (422, b'{"detail": [{"msg": "too short"}]}', "the provider answered 422: too short"),
        (404, b'{"error": {"message": "no such model"}}', "the provider answered 404: no such model"),
        (400, b'{"message": "' + b"x" * 1000 + b'"}', "the provider answered 400: " + "x" * MAX_MESSAGE_CHARS),
        (400, b"<html>", "the provider answered 400"),
        (400, b'{"detail": []}', "the provider answered 400"),
        (401, b'{"message": "your key is sk-1"}', "the provider answered 401"),
        (500, b'{"message": "at /srv/app.py"}', "the provider answered 500"),
    ],
)
def test_a_provider_is_quoted_about_the_request_only(status: int, body: bytes, message: str) -> None:
    """
    Other errors may be about the gateway's key, or the provider's inside.
    """
    assert to_target_error(ProviderResponse(status, {}, body)).message == message
