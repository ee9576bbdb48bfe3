"""Webhooks over real connections: TLS, names that lead inside, and receivers that mean no good."""

from __future__ import annotations

import os
import socket
import ssl
import struct
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from time import monotonic, sleep
from typing import Any

import pytest

from rerank_gateway.adapters.transports.sockets import Address, resolve
from rerank_gateway.adapters.transports.webhooks import HttpsWebhookSender
from rerank_gateway.domain.webhooks.addresses import is_loopback, is_public
from rerank_gateway.domain.webhooks.ports import Reply
from tests.adapters.https_receiver import NAME, HttpsReceiver, https_receiver
from tests.fakes import within
from tests.upstream import Answer, says, upstream, written

BODY = '{"type": "webhook.test"}'
HEADERS = {"webhook-id": "msg_1"}


def at(*addresses: str) -> Callable[[str, int], Sequence[Address]]:
    """A DNS that knows one name, which has these addresses."""

    def found(_: str, port: int) -> list[Address]:
        kinds = [(socket.AF_INET6 if ":" in each else socket.AF_INET, each) for each in addresses]

        return [(kind, socket.SOCK_STREAM, 0, "", (each, port)) for kind, each in kinds]

    return found


def untrusting() -> ssl.SSLContext:
    return ssl.create_default_context()


def to_anyone(receiver: HttpsReceiver) -> HttpsWebhookSender:
    """Who finds *receiver*, trusts its certificate, and may go to this machine."""
    context = ssl.create_default_context(cafile=receiver.certificate)

    return HttpsWebhookSender(is_loopback, at("127.0.0.1"), lambda: context)


def post(sender: HttpsWebhookSender, url: str, seconds: float = 5.0) -> Reply:
    return sender.post(url, HEADERS, BODY, within(seconds))


def test_a_receiver_gets_the_body_to_the_byte(tmp_path: Path) -> None:
    """
    Over TLS with its own name, although the connection goes to an address in numbers.
    """
    with https_receiver(tmp_path, says({}, status=202)) as receiver:
        reply = post(to_anyone(receiver), receiver.url)

    [question] = receiver.questions
    assert reply == Reply(202)
    assert (question.body, question.path, receiver.names) == (BODY.encode(), "/hooks", [NAME])
    assert question.headers["host"] == f"{NAME}:{receiver.port}"
    assert question.headers["webhook-id"] == "msg_1"


def test_a_certificate_must_be_good(tmp_path: Path) -> None:
    """
    It is one that nobody trusts, or that is another name's: nothing is sent.
    """
    with https_receiver(tmp_path, says({})) as receiver:
        stranger = HttpsWebhookSender(is_loopback, at("127.0.0.1"), untrusting)
        unknown = post(stranger, receiver.url)
        other = post(to_anyone(receiver), f"https://other.example:{receiver.port}/")

    assert unknown == other == Reply(failure="tls_failed")
    assert receiver.questions == []


def test_a_certificate_must_be_good_still(tmp_path: Path) -> None:
    """
    Whoever is trusted is so until a day.
    """
    with https_receiver(tmp_path, says({}), days=-0.5) as receiver:
        expired = post(to_anyone(receiver), receiver.url)

    assert (expired, receiver.questions) == (Reply(failure="tls_failed"), [])


@pytest.mark.parametrize(
    "addresses",
    [
        ["127.0.0.1"],
        ["169.254.169.254"],
        ["10.1.2.3"],
        ["::1"],
        ["::ffff:127.0.0.1"],
        ["fd00:ec2::254"],
        ["93.184.215.14", "127.0.0.1"],
    ],
)
def test_a_name_that_leads_inside_is_not_followed(addresses: list[str]) -> None:
    """
    Also where one of its addresses is a public one.
    """
    with upstream(says({})) as receiver:
        sender = HttpsWebhookSender(is_public, at(*addresses), untrusting)
        reply = post(sender, receiver.url.replace("127.0.0.1", NAME))

    assert reply == Reply(failure="address_refused")
    assert receiver.questions == []


@pytest.mark.parametrize("host", ["localhost", "2130706433", "0x7f000001", "127.1", "0177.0.0.1", "[::1]"])
def test_whatever_a_resolver_makes_of_a_host_is_looked_at(host: str) -> None:
    """
    The system's own takes numbers in many forms.
    """
    with upstream(says({})) as receiver:
        sender = HttpsWebhookSender(is_public, resolve, untrusting)
        reply = post(sender, receiver.url.replace("127.0.0.1", host))

    assert reply.failure in ("address_refused", "unreachable")
    assert receiver.questions == []


class Rebinding:
    """A DNS that gives a good address once, and this machine's ever after."""

    def __init__(self, good: str) -> None:
        self.answers: Iterator[str] = iter([good])
        self.asked = 0

    def __call__(self, _: str, port: int) -> list[Address]:
        self.asked += 1

        return list(at(next(self.answers, "127.0.0.1"))(_, port))


def test_who_answers_differently_the_second_time_is_not_asked() -> None:
    """
    The address that was looked at is the one that is connected to: a name is resolved once.
    """
    seen: list[str] = []

    def allows(address: str) -> bool:
        seen.append(address)

        return address == "127.0.0.2"

    with upstream(says({}), host="127.0.0.1") as inner:
        dns = Rebinding("127.0.0.2")
        reply = post(HttpsWebhookSender(allows, dns, untrusting), inner.url.replace("127.0.0.1", NAME), 2.0)

    assert (dns.asked, seen, inner.questions) == (1, ["127.0.0.2"], [])
    assert reply.failure == "unreachable"


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_an_answer_like_any_other(status: int) -> None:
    """
    Nobody goes where it points.
    """
    with upstream(says({})) as inner, upstream(says({}, status, {"location": inner.url})) as receiver:
        reply = post(HttpsWebhookSender(is_loopback, resolve, untrusting), receiver.url)

    assert (reply, inner.questions) == (Reply(status), [])


@pytest.mark.parametrize(
    ("said", "seconds"), [("120", 120.0), ("Wed, 21 Oct 2015 07:28:00 GMT", 0.0), ("1e9", None), ("\xff", None)]
)
def test_a_receiver_says_when_it_wants_another_try(said: str, seconds: float | None) -> None:
    """
    In seconds or by a date; what is neither says nothing.
    """
    with upstream(says({}, 503, {"retry-after": said})) as receiver:
        reply = post(HttpsWebhookSender(is_loopback, resolve, untrusting), receiver.url)

    assert reply == Reply(503, retry_after=seconds)


def test_a_proxy_of_the_environment_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    """
    It would look the name up itself.
    """
    with upstream(says({})) as proxy, upstream(says({})) as receiver:
        for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy"):
            monkeypatch.setenv(name, proxy.url)
        post(HttpsWebhookSender(is_loopback, resolve, untrusting), receiver.url)

    assert (len(receiver.questions), proxy.questions) == (1, [])


def _dripping(connection: socket.socket) -> None:
    for _ in range(100):
        connection.sendall(b"HTTP/1.1 200 X\r\n"[:1])
        sleep(0.05)


def _endless(connection: socket.socket) -> None:
    connection.sendall(b"HTTP/1.1 200 X\r\ntransfer-encoding: chunked\r\n\r\n")
    while True:
        connection.sendall(b"10000\r\n" + b"x" * 0x10000 + b"\r\n")


def _resetting(connection: socket.socket) -> None:
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    os.close(connection.detach())


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (_dripping, Reply(failure="timed_out")),
        (lambda _: sleep(2), Reply(failure="timed_out")),
        (_endless, Reply(200)),
        (lambda connection: connection.sendall(b"SSH-2.0-OpenSSH_9.9\r\n\r\n"), Reply(failure="bad_response")),
        (lambda connection: connection.sendall(b"HTTP/1.1 200 X\r\n" + b"a: b\r\n" * 50_000), None),
        (lambda connection: connection.shutdown(socket.SHUT_RDWR), Reply(failure="bad_response")),
        (_resetting, Reply(failure="bad_response")),
        (says(b"x" * 1_000_000, 500), Reply(500)),
        (lambda connection: connection.sendall(written({}, 103) + written({}, 204)), None),
    ],
)
def test_a_receiver_that_means_no_good_is_over_in_time(answer: Answer, expected: Any) -> None:
    """
    All of a try has its time, and of a response only the head is read.
    """
    started = monotonic()
    with upstream(answer) as receiver:
        reply = post(HttpsWebhookSender(is_loopback, resolve, untrusting), receiver.url, 0.5)

    assert monotonic() - started < 1.5
    assert expected is None or reply == expected


@pytest.mark.parametrize("url", ["https://nobody.invalid/", "https://[::1/", "ftp://receiver.example/", "https://"])
def test_what_cannot_be_reached_is_a_failure(url: str) -> None:
    """
    Without any word of the system's.
    """
    assert post(HttpsWebhookSender(is_public, resolve, untrusting), url) == Reply(failure="unreachable")
