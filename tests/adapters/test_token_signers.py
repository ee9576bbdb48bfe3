"""The contract of signers that exchange a key for a token."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from rerank_gateway.adapters.providers.auth import SignedAuth
from rerank_gateway.adapters.signers import create_signer
from rerank_gateway.adapters.signers.context import SigningContext
from rerank_gateway.adapters.system.clock import SystemClock
from rerank_gateway.adapters.transports.https import HttpsTransport
from rerank_gateway.adapters.transports.messages import ProviderRequest, Signer
from rerank_gateway.domain.clock import Clock
from rerank_gateway.domain.errors import (
    BadReply,
    TargetBusy,
    TargetError,
    TargetFailed,
    TargetRejectedKey,
    TargetTimedOut,
)
from tests.adapters.accounts import service_account
from tests.fakes import FakeClock, within
from tests.upstream import Answer, says, upstream

LETTER = ProviderRequest("https://ranker.example/rank", {}, b"{}")
CLOCK = SystemClock()
GRANTED = {"access_token": "t-1", "token_type": "Bearer", "expires_in": 3600}

Ask = Callable[..., str]
"""The authorization that a request gets, within a timeout."""
Way = Callable[[str, HttpsTransport, Clock], Ask]


def asking(who_signs: Signer, key: str) -> Ask:
    def ask(timeout: float = 5.0, turned_down: str = "") -> str:
        if turned_down:
            assert who_signs.invalidate(key, {"authorization": f"Bearer {turned_down}"})

        return who_signs.headers(LETTER, key, within(timeout))["authorization"]

    return ask


def google(url: str, transport: HttpsTransport, clock: Clock) -> Ask:
    return asking(create_signer(SignedAuth("google"), {}, SigningContext(transport, clock)), service_account(url))


def ibm(url: str, transport: HttpsTransport, clock: Clock) -> Ask:
    return asking(create_signer(SignedAuth("ibm"), {"iam_url": url}, SigningContext(transport, clock)), "an-api-key")


@pytest.fixture(params=[google, ibm], ids=["google", "ibm"])
def way(request: pytest.FixtureRequest) -> Any:
    return request.param


def grants(token: str, seconds: float = 0.0, **changes: Any) -> Answer:
    """Gives *token* after so many *seconds*."""
    answer = says({**GRANTED, "access_token": token, **changes})

    def answers(connection: socket.socket) -> None:
        time.sleep(seconds)
        answer(connection)

    return answers


def hangs(_: socket.socket) -> None:
    time.sleep(10)


def test_a_token_serves_many_requests(transport: HttpsTransport, way: Way) -> None:
    """
    The key is exchanged once.
    """
    with upstream(grants("t-1"), grants("t-2")) as service:
        ask = way(service.url, transport, FakeClock())

        assert [ask(), ask(), ask()] == ["Bearer t-1"] * 3
        assert len(service.questions) == 1


def test_a_token_is_renewed_before_it_expires(transport: HttpsTransport, way: Way) -> None:
    """
    A minute before the end there is a new one, as the request takes its time to arrive.
    """
    clock = FakeClock()
    with upstream(grants("t-1"), grants("t-2")) as service:
        ask = way(service.url, transport, clock)
        ask()

        clock.time += 3600 - 90
        late = ask()
        clock.time += 40
        later = ask()

    assert (late, later) == ("Bearer t-1", "Bearer t-2")


@pytest.mark.parametrize("seconds", [None, 0, 30, -5])
def test_a_token_that_expires_soon_or_at_an_unknown_time_serves_once(
    transport: HttpsTransport, way: Way, seconds: int | None
) -> None:
    """
    It is used for the request that it was fetched for, and not cached.
    """
    with upstream(grants("t-1", expires_in=seconds), grants("t-2")) as service:
        ask = way(service.url, transport, FakeClock())

        assert [ask(), ask(), ask()] == ["Bearer t-1", "Bearer t-2", "Bearer t-2"]


def test_ten_threads_share_one_exchange(transport: HttpsTransport, way: Way) -> None:
    """
    A batch of jobs that starts at once needs one token, and all wait for it together.
    """
    with upstream(grants("t-1", 0.2)) as service, ThreadPoolExecutor(10) as threads:
        ask = way(service.url, transport, CLOCK)

        given = list(threads.map(lambda _: ask(), range(10)))

        assert given == ["Bearer t-1"] * 10
        assert len(service.questions) == 1


def test_nobody_waits_for_anothers_exchange_beyond_the_own_timeout(transport: HttpsTransport, way: Way) -> None:
    """
    One has time for a slow service; the others leave when theirs is over.
    """
    with upstream(grants("t-1", 0.8)) as service, ThreadPoolExecutor(10) as threads:
        ask = way(service.url, transport, CLOCK)
        patient = threads.submit(ask, 5.0)
        while not service.questions:
            time.sleep(0.01)

        started = time.monotonic()
        fail_fast = [threads.submit(ask, 0.2) for _ in range(9)]
        errors = [future.exception() for future in fail_fast]

        assert [type(error) for error in errors] == [TargetTimedOut] * 9
        assert time.monotonic() - started < 0.6
        assert patient.result() == "Bearer t-1"


def test_who_waited_in_vain_for_another_tries_with_what_is_left(transport: HttpsTransport, way: Way) -> None:
    """
    A failed exchange is no answer for those who have more time than the one who made it.
    """
    with upstream(hangs, grants("t-2")) as service, ThreadPoolExecutor(2) as threads:
        ask = way(service.url, transport, CLOCK)
        fail_fast = threads.submit(ask, 0.3)
        while not service.questions:
            time.sleep(0.01)

        patient = threads.submit(ask, 5.0)

        assert isinstance(fail_fast.exception(), TargetTimedOut)
        assert patient.result() == "Bearer t-2"


def test_a_service_that_hangs_is_left_in_time(transport: HttpsTransport, way: Way) -> None:
    """
    The exchange has the request's own timeout.
    """
    with upstream(hangs) as service:
        ask = way(service.url, transport, CLOCK)
        started = time.monotonic()

        with pytest.raises(TargetTimedOut):
            ask(0.3)

    assert time.monotonic() - started < 0.6


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (302, TargetFailed),
        (400, TargetRejectedKey),
        (401, TargetRejectedKey),
        (403, TargetRejectedKey),
        (404, TargetRejectedKey),
        (429, TargetBusy),
        (500, TargetFailed),
        (502, TargetFailed),
        (503, TargetBusy),
        (504, TargetTimedOut),
    ],
)
def test_a_service_that_refuses_is_a_typed_failure(
    transport: HttpsTransport, way: Way, status: int, kind: type[TargetError]
) -> None:
    """
    It is called once, its message is not quoted, and the next request may try again.
    """
    refusal = says({"error": "invalid_grant", "errorMessage": "no such key: sesame"}, status, {"retry-after": "7"})
    with upstream(refusal, grants("t-2")) as service:
        ask = way(service.url, transport, FakeClock())

        with pytest.raises(TargetError) as failed:
            ask()

        assert type(failed.value) is kind
        assert (failed.value.status_code, failed.value.retry_after) == (status, 7.0)
        assert "sesame" not in str(failed.value)
        assert len(service.questions) == 1
        assert ask() == "Bearer t-2"


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b"<html></html>", id="html"),
        pytest.param(b"\xff\xfe", id="not utf-8"),
        pytest.param(b"[" * 100_000, id="deeply nested"),
        pytest.param(b"null", id="null"),
        pytest.param(b"[]", id="list"),
        pytest.param(b'"t-1"', id="string"),
        pytest.param(b"{}", id="no token"),
        pytest.param(b'{"access_token": null, "expires_in": 3600}', id="null token"),
        pytest.param(b'{"access_token": "", "expires_in": 3600}', id="empty token"),
        pytest.param(b'{"access_token": ["t-1"], "expires_in": 3600}', id="token in a list"),
        pytest.param(b'{"access_token": "t\\r\\nx-evil: 1", "expires_in": 3600}', id="token with another header"),
        pytest.param(b'{"access_token": "t\xc3\xa9", "expires_in": 3600}', id="token beyond ASCII"),
        pytest.param(b'{"access_token": "\\ud800", "expires_in": 3600}', id="half a character"),
    ],
)
def test_what_is_no_token_is_a_bad_reply(transport: HttpsTransport, way: Way, body: bytes) -> None:
    """
    Nothing but a token gets into a request's headers.
    """
    with upstream(says(body)) as service, pytest.raises(BadReply):
        way(service.url, transport, FakeClock())()


@pytest.mark.parametrize("seconds", ["soon", [], {}, 1e300])
def test_a_strange_lifetime_is_never_kept(transport: HttpsTransport, way: Way, seconds: Any) -> None:
    """
    The token serves once: nobody keeps it for ever.
    """
    with upstream(grants("t-1", expires_in=seconds), grants("t-2")) as service:
        ask = way(service.url, transport, FakeClock())

        assert [ask(), ask()] == ["Bearer t-1", "Bearer t-2"]


@pytest.mark.parametrize("url", ["", "ftp://127.0.0.1/token", "file:///etc/passwd", "iam.example/token"])
def test_a_service_without_a_web_address_is_a_failure(transport: HttpsTransport, way: Way, url: str) -> None:
    """
    A slip in the operator's settings or secret fails the target, not the gateway.
    """
    with pytest.raises(TargetError):
        way(url, transport, FakeClock())()


def test_a_token_that_was_turned_down_is_not_used_again(transport: HttpsTransport, way: Way) -> None:
    """
    The next request has another one; turned down twice by requests that went at the same time, it is replaced once.
    """
    with upstream(grants("t-1"), grants("t-2")) as service:
        ask = way(service.url, transport, FakeClock())
        ask()

        again = [ask(turned_down="t-1"), ask(turned_down="t-1"), ask()]

    assert again == ["Bearer t-2"] * 3
    assert len(service.questions) == 2
