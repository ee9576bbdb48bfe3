"""Oracle Cloud's signatures, checked against what arrived."""

from __future__ import annotations

import re
from base64 import b64decode, b64encode
from hashlib import sha256
from pathlib import Path

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256

from rerank_gateway.adapters.providers.auth import SignedAuth
from rerank_gateway.adapters.signers import create_signer
from rerank_gateway.adapters.signers.context import SigningContext
from rerank_gateway.adapters.transports.https import HttpsTransport
from rerank_gateway.adapters.transports.messages import ProviderRequest
from rerank_gateway.domain.errors import TargetRejectedKey
from tests.adapters.accounts import oci_account, pem, private_key
from tests.adapters.providers import Recorded, reranker
from tests.fakes import FakeClock, FakeTransport, request, within
from tests.upstream import Question, says, upstream

RECORDED = Recorded.of("oci")
LETTER = ProviderRequest(
    "https://inference.generativeai.eu-frankfurt-1.oci.oraclecloud.com/20231130/actions/x?a=b", {}, b"{}"
)


def arrived(transport: HttpsTransport, key: str) -> Question:
    """A request as the provider gets it, from an account with *key*."""
    with upstream(says(RECORDED.response["body"])) as provider:
        oci = reranker(transport, "oci", provider.url, key, settings=RECORDED.settings)
        oci.rerank(request(query="où est-ce ?", top_n=2), RECORDED.model, within(5.0))

    return provider.questions[0]


def verify(received: Question) -> None:
    """Raises InvalidSignature unless *received*, as it stands, is what the account signed."""
    fields = dict(re.findall(r'(\w+)="([^"]*)"', received.headers["authorization"]))
    values = {**received.headers, "(request-target)": f"{received.method.lower()} {received.path}"}
    text = "\n".join(f"{name}: {values[name]}" for name in fields["headers"].split())

    private_key().public_key().verify(b64decode(fields["signature"]), text.encode(), PKCS1v15(), SHA256())


def test_what_arrives_is_what_was_signed(transport: HttpsTransport) -> None:
    """
    Every header that the signature covers goes over the wire as it was signed, and so does the body.
    """
    received = arrived(transport, oci_account())

    verify(received)
    assert received.headers["x-content-sha256"] == b64encode(sha256(received.body).digest()).decode()
    assert received.headers["content-length"] == str(len(received.body))
    assert received.headers["authorization"].startswith(
        'Signature algorithm="rsa-sha256",'
        'headers="date (request-target) host content-length content-type x-content-sha256",'
        'keyId="ocid1.tenancy.oc1..t/ocid1.user.oc1..u/20:3b:97:13",signature="'
    )


@pytest.mark.parametrize("name", ["date", "host", "content-length", "content-type", "x-content-sha256"])
def test_nothing_that_is_signed_can_be_changed(transport: HttpsTransport, name: str) -> None:
    """
    The check above would see a header that is not the signed one.
    """
    received = arrived(transport, oci_account())
    received.headers[name] += "0"

    with pytest.raises(InvalidSignature):
        verify(received)


def test_the_date_is_now() -> None:
    """
    OCI takes a request within five minutes of its own clock; the gateway's clock says what time it is.
    """
    oci = create_signer(SignedAuth("oci"), {}, SigningContext(FakeTransport([]), FakeClock(1_795_000_000)))

    assert oci.headers(LETTER, oci_account(), within(5.0))["date"] == "Wed, 18 Nov 2026 11:06:40 GMT"


def test_a_private_key_may_be_locked(transport: HttpsTransport) -> None:
    """
    As in OCI's own configuration, `pass_phrase` opens it.
    """
    verify(arrived(transport, oci_account(key_content=pem(private_key(), "sesame"), pass_phrase="sesame")))


def test_a_key_may_lie_in_a_file(transport: HttpsTransport, tmp_path: Path) -> None:
    """
    A path in place of the JSON leads to it.
    """
    file = tmp_path / "oci.json"
    file.write_text(oci_account(), "utf-8")

    verify(arrived(transport, str(file)))


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"tenancy": None}, id="no tenancy"),
        pytest.param({"fingerprint": 5}, id="a number for a fingerprint"),
        pytest.param({"key_content": ""}, id="no private key"),
        pytest.param({"key_content": "-----BEGIN PRIVATE KEY-----\nsecret"}, id="half a private key"),
        pytest.param({"pass_phrase": "secret"}, id="a pass phrase too many"),
        pytest.param({"pass_phrase": ["secret"]}, id="a list for a pass phrase"),
        pytest.param({"key_content": "elliptic"}, id="a private key of another kind"),
    ],
)
def test_a_key_that_cannot_sign_is_rejected(changes: dict[str, object]) -> None:
    """
    A slip in the secret fails the target, and the error does not quote it.
    """
    if changes.get("key_content") == "elliptic":
        changes = {"key_content": pem(ec.generate_private_key(ec.SECP256R1()))}

    with pytest.raises(TargetRejectedKey) as failed:
        create_signer(SignedAuth("oci"), {}, SigningContext(FakeTransport([]), FakeClock())).headers(
            LETTER, oci_account(**changes), within(5.0)
        )

    assert "secret" not in str(failed.value)


def test_a_key_that_is_no_json_is_rejected() -> None:
    """
    Oracle Cloud knows no keys of one word.
    """
    with pytest.raises(TargetRejectedKey):
        create_signer(SignedAuth("oci"), {}, SigningContext(FakeTransport([]), FakeClock())).headers(
            LETTER, "a-word", within(5.0)
        )


def test_without_an_account_nothing_is_signed() -> None:
    """
    As a caller's own address may need none.
    """
    signer = create_signer(SignedAuth("oci"), {}, SigningContext(FakeTransport([]), FakeClock()))

    assert signer.headers(LETTER, None, within(5.0)) == {}
