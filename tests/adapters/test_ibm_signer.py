"""IBM's exchange of API keys."""

from __future__ import annotations

from itertools import repeat
from urllib.parse import parse_qs

from rerank_gateway.adapters.providers.auth import SignedAuth
from rerank_gateway.adapters.signers import create_signer
from rerank_gateway.adapters.signers.context import SigningContext
from rerank_gateway.adapters.signers.tokens import MAX_KEYS
from rerank_gateway.adapters.transports.https import HttpsTransport
from rerank_gateway.adapters.transports.messages import ProviderRequest, ProviderResponse
from tests.fakes import FakeClock, FakeTransport, within
from tests.upstream import says, upstream

LETTER = ProviderRequest("https://us-south.ml.cloud.ibm.com/ml/v1/text/rerank", {}, b"{}")


def test_an_api_key_is_exchanged_by_a_form(transport: HttpsTransport) -> None:
    """
    IAM reads a form, in which the key arrives as it is, whatever characters it has.
    """
    with upstream(says({"access_token": "eyJ", "expires_in": 3600, "expiration": 4102444800})) as iam:
        ibm = create_signer(
            SignedAuth("ibm"), {"iam_url": f"{iam.url}/identity/token"}, SigningContext(transport, FakeClock())
        )

        headers = ibm.headers(LETTER, "k+/&=é", within(5.0))

    [received] = iam.questions
    assert headers == {"authorization": "Bearer eyJ"}
    assert (received.method, received.path) == ("POST", "/identity/token")
    assert received.headers["content-type"] == "application/x-www-form-urlencoded"
    assert received.headers["accept"] == "application/json"
    assert parse_qs(received.body.decode("ascii")) == {
        "grant_type": ["urn:ibm:params:oauth:grant-type:apikey"],
        "apikey": ["k+/&=é"],
    }


def test_each_key_has_a_token_of_its_own(transport: HttpsTransport) -> None:
    """
    Two accounts never get into each other's.
    """
    first, second = (says({"access_token": name, "expires_in": 3600}) for name in ("a", "b"))
    with upstream(first, second) as iam:
        ibm = create_signer(SignedAuth("ibm"), {"iam_url": iam.url}, SigningContext(transport, FakeClock()))

        given = [ibm.headers(LETTER, key, within(5.0))["authorization"] for key in ("ka", "kb", "ka", "kb")]

    assert given == ["Bearer a", "Bearer b"] * 2


def test_a_cloud_pak_key_is_not_exchanged() -> None:
    """
    Cloud Pak for Data takes the key itself.
    """
    transport = FakeTransport([])
    ibm = create_signer(SignedAuth("ibm"), {"iam_url": "https://iam.example"}, SigningContext(transport, FakeClock()))

    assert ibm.headers(LETTER, "ZenApiKey dTpr", within(5.0)) == {"authorization": "ZenApiKey dTpr"}
    assert transport.sent == []


def test_memory_for_tokens_has_an_end() -> None:
    """
    The token that was used longest ago makes room, and its key is exchanged again when it is needed.
    """
    transport = FakeTransport(repeat(ProviderResponse(200, {}, b'{"access_token": "t", "expires_in": 3600}')))
    ibm = create_signer(SignedAuth("ibm"), {"iam_url": "https://iam.example"}, SigningContext(transport, FakeClock()))

    for key in (*map(str, range(MAX_KEYS)), "0", "one more", "0"):
        ibm.headers(LETTER, key, within(5.0))
    assert len(transport.sent) == MAX_KEYS + 1
    ibm.headers(LETTER, "1", within(5.0))

    assert len(transport.sent) == MAX_KEYS + 2
