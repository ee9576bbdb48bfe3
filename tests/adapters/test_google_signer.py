"""Google's exchange of service accounts' keys."""

from __future__ import annotations

import json
import time
from base64 import urlsafe_b64decode
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256

from rerank_gateway.adapters.providers.auth import SignedAuth
from rerank_gateway.adapters.signers import create_signer
from rerank_gateway.adapters.signers.context import SigningContext
from rerank_gateway.adapters.transports.https import HttpsTransport
from rerank_gateway.adapters.transports.messages import ProviderRequest, Signer, Transport
from rerank_gateway.domain.errors import TargetError, TargetRejectedKey, TargetTimedOut
from tests.adapters.accounts import pem, private_key, service_account
from tests.adapters.providers import Recorded, reranker
from tests.fakes import FakeClock, FakeTransport, request, within
from tests.upstream import says, upstream

LETTER = ProviderRequest("https://discoveryengine.googleapis.com/v1/rank", {}, b"{}")
GRANTED = {"access_token": "ya29.a", "token_type": "Bearer", "expires_in": 3599}
NOW = 1_795_000_000


def google(transport: Transport) -> Signer:
    return create_signer(SignedAuth("google"), {}, SigningContext(transport, FakeClock(NOW)))


def part(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))


def test_a_service_account_vouches_for_itself(transport: HttpsTransport) -> None:
    """
    What arrives at the account's own token address is a JWT (RFC 7523) that its public key verifies.
    """
    with upstream(says(GRANTED)) as oauth:
        headers = google(transport).headers(LETTER, service_account(f"{oauth.url}/token"), within(5.0))

    [received] = oauth.questions
    form = parse_qs(received.body.decode("ascii"))
    header, claims, signature = form["assertion"][0].split(".")
    decoded = json.loads(part(claims))
    private_key().public_key().verify(part(signature), f"{header}.{claims}".encode(), PKCS1v15(), SHA256())
    assert headers == {"authorization": "Bearer ya29.a"}
    assert (received.method, received.path) == ("POST", "/token")
    assert received.headers["content-type"] == "application/x-www-form-urlencoded"
    assert form["grant_type"] == ["urn:ietf:params:oauth:grant-type:jwt-bearer"]
    assert json.loads(part(header)) == {"typ": "JWT", "alg": "RS256", "kid": "f00"}
    assert decoded["iss"] == "ranker@my-project.iam.gserviceaccount.com"
    assert decoded["aud"] == f"{oauth.url}/token"
    assert decoded["scope"] == "https://www.googleapis.com/auth/cloud-platform"
    assert (decoded["iat"], decoded["exp"]) == (NOW, NOW + 3600)


def test_an_account_need_not_name_its_key(transport: HttpsTransport) -> None:
    """
    Without `private_key_id` the JWT names none, and Google tries all keys of the account.
    """
    with upstream(says(GRANTED)) as oauth:
        google(transport).headers(LETTER, service_account(oauth.url, private_key_id=None), within(5.0))

    [received] = oauth.questions
    header, _, _ = parse_qs(received.body.decode("ascii"))["assertion"][0].split(".")
    assert json.loads(part(header)) == {"typ": "JWT", "alg": "RS256"}


def test_a_ready_token_is_used_as_it_is() -> None:
    """
    Who has an access token already needs no exchange.
    """
    transport = FakeTransport([])

    assert google(transport).headers(LETTER, "ya29.ready", within(5.0)) == {"authorization": "Bearer ya29.ready"}
    assert transport.sent == []


def test_a_key_may_lie_in_a_file(transport: HttpsTransport, tmp_path: Path) -> None:
    """
    GOOGLE_APPLICATION_CREDENTIALS holds a path, as Google's own libraries read it.
    """
    file = tmp_path / "account.json"
    with upstream(says(GRANTED)) as oauth:
        file.write_text(service_account(oauth.url), "utf-8")

        headers = google(transport).headers(LETTER, str(file), within(5.0))

    assert headers == {"authorization": "Bearer ya29.a"}


BROKEN: dict[str, Callable[[], str]] = {
    "no JSON": lambda: "{",
    "no object": lambda: "/dev/null",
    "no such file": lambda: "/nowhere/secret-account.json",
    "a folder": lambda: "/",
    "empty": lambda: "{}",
    "a user's": lambda: json.dumps({"type": "authorized_user", "refresh_token": "secret"}),
    "no private key": lambda: account(private_key=None),
    "half a private key": lambda: account(private_key="-----BEGIN PRIVATE KEY-----\nsecret"),
    "a number for a private key": lambda: account(private_key=5),
    "a locked private key": lambda: account(private_key=pem(private_key(), "secret")),
    "a private key of another kind": lambda: account(private_key=pem(ec.generate_private_key(ec.SECP256R1()))),
    "no name": lambda: account(client_email=None),
    "no token address": lambda: account(token_uri=None),
    "a number for a token address": lambda: account(token_uri=5),
}


def account(**changes: Any) -> str:
    return service_account("https://oauth2.example/token", **changes)


@pytest.mark.parametrize("key", BROKEN.values(), ids=BROKEN.keys())
def test_a_key_that_is_no_service_accounts_is_rejected(key: Callable[[], str]) -> None:
    """
    A slip in the secret fails the target before anything is sent, and the error does not quote it.
    """
    with pytest.raises(TargetError) as failed:
        google(FakeTransport([])).headers(LETTER, key(), within(5.0))

    assert type(failed.value) is TargetRejectedKey
    assert "secret" not in str(failed.value)
    assert failed.value.__suppress_context__ or failed.value.__context__ is None


def test_token_and_request_share_one_timeout(transport: HttpsTransport) -> None:
    """
    What the token took is missing for the request.
    """
    recorded = Recorded.of("vertex")

    def slow(connection: Any) -> None:
        time.sleep(0.3)
        says(GRANTED)(connection)

    with upstream(slow, lambda _: time.sleep(5)) as server:
        vertex = reranker(transport, "vertex", server.url, service_account(server.url), settings=recorded.settings)
        started = time.monotonic()

        with pytest.raises(TargetTimedOut):
            vertex.rerank(request(), recorded.model, within(0.6))

    assert 0.5 < time.monotonic() - started < 0.9
    assert [received.headers.get("authorization") for received in server.questions] == [None, "Bearer ya29.a"]
