"""Signers are loaded when a provider first needs one."""

from __future__ import annotations

import subprocess
import sys

import pytest

from rerank_gateway.adapters.providers.auth import SignedAuth
from rerank_gateway.adapters.signers import create_signer
from rerank_gateway.adapters.signers.context import SigningContext
from rerank_gateway.adapters.signers.rsa_keys import load_private_key
from rerank_gateway.adapters.transports.messages import ProviderRequest
from rerank_gateway.domain.errors import TargetNotConfigured
from tests.adapters.accounts import oci_account
from tests.fakes import FakeClock, FakeTransport, within

SCRIPT = """
import sys
from contextlib import closing
from rerank_gateway.adapters.transports.https import HttpsTransport
from tests.adapters.providers import Recorded, reranker
from tests.fakes import request, within
from tests.upstream import says, upstream

recorded = Recorded.of("{name}")
tokens = [{{"access_token": "t", "expires_in": 3600}}] if {account} else recorded.before
with upstream(*map(says, [*tokens, recorded.response["body"]])) as provider, closing(HttpsTransport()) as transport:
    settings = recorded.at(provider.url)
    if {account}:
        from tests.adapters.accounts import service_account
    key = service_account(provider.url) if {account} else recorded.key
    asked = reranker(transport, recorded.name, provider.url, key, settings=settings)
    asked.rerank(request(top_n=2), recorded.model, within(5.0))
dear = ("boto3", "botocore", "cryptography", "httpx", "requests", "urllib3")
print(*(name for name in dear if name in sys.modules))
"""


@pytest.mark.parametrize(
    ("name", "account", "loaded"),
    [
        ("cohere", False, []),
        ("watsonx", False, []),
        ("vertex", False, []),
        ("vertex", True, ["cryptography"]),
        ("oci", False, ["cryptography"]),
        ("bedrock", False, []),
        ("sagemaker", False, []),
    ],
)
def test_a_request_loads_only_what_its_signature_needs(name: str, account: bool, loaded: list[str]) -> None:
    """
    A plain key or a ready token does not pay for another provider's library; a private key brings
    cryptography, but no second HTTP client.
    """
    script = SCRIPT.format(name=name, account=account)

    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)

    assert ran.stdout.split() == loaded


def test_a_stack_without_the_layer_that_signs_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    """
    The target is passed over, and the message names the parameter that brings it.
    """
    account = oci_account()
    load_private_key.cache_clear()
    monkeypatch.setitem(sys.modules, "cryptography.hazmat.primitives.serialization", None)
    signer = create_signer(SignedAuth("oci"), {}, SigningContext(FakeTransport([]), FakeClock()))

    with pytest.raises(TargetNotConfigured, match="RsaKeys"):
        signer.headers(ProviderRequest("https://provider.example/", {}, b"{}"), account, within(5.0))
