"""
Oracle Cloud's way in: each request is signed with the private key of an API signing key (RSA, SHA-256).

A key is a JSON object with the names of OCI's own configuration, or the path of a file that holds one:
`{"tenancy": "ocid1.tenancy…", "user": "ocid1.user…", "fingerprint": "aa:bb:…", "key_content": "-----BEGIN …"}`, and
`pass_phrase` where the private key has one.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import formatdate
from functools import lru_cache
from hashlib import sha256
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from rerank_gateway.adapters.signers.json_keys import strings_of
from rerank_gateway.adapters.transports.messages import ProviderRequest, Signer, Transport
from rerank_gateway.domain.clock import Clock
from rerank_gateway.domain.deadline import Deadline
from rerank_gateway.domain.errors import TargetRejectedKey

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey


def signer(_: str, __: Mapping[str, str], ___: Transport, clock: Clock) -> Signer:
    return OciSigner(clock)


@dataclass(frozen=True, slots=True)
class OciSigner(Signer):
    """It says itself what it signs, so that nothing else can go over the wire."""

    clock: Clock

    def headers(self, request: ProviderRequest, key: str | None, deadline: Deadline) -> Mapping[str, str]:
        if not key:
            return {}
        account = strings_of(key, "tenancy", "user", "fingerprint", "key_content")
        signed = _signed(request, formatdate(self.clock.epoch(), usegmt=True))
        authorization = _authorization(account, signed)
        del signed["(request-target)"]

        return {**signed, "authorization": authorization}


def _signed(request: ProviderRequest, date: str) -> dict[str, str]:
    """The parts of *request* that are signed, in the order in which they are."""
    address = urlsplit(request.url)

    return {
        "date": date,
        "(request-target)": f"post {address._replace(scheme='', netloc='').geturl()}",
        "host": address.netloc,
        "content-length": str(len(request.body)),
        "content-type": "application/json",
        "x-content-sha256": b64encode(sha256(request.body).digest()).decode(),
    }


def _authorization(account: Mapping[str, Any], signed: Mapping[str, str]) -> str:
    private = _private_key(account["key_content"], str(account.get("pass_phrase") or ""))
    text = "\n".join(f"{name}: {value}" for name, value in signed.items())
    fields = {
        "algorithm": "rsa-sha256",
        "headers": " ".join(signed),
        "keyId": f"{account['tenancy']}/{account['user']}/{account['fingerprint']}",
        "signature": _signature(private, text.encode()),
        "version": "1",
    }

    return "Signature " + ",".join(f'{name}="{value}"' for name, value in fields.items())


# A private key takes much longer to read than to use.
@lru_cache(maxsize=16)
def _private_key(pem: str, pass_phrase: str) -> RSAPrivateKey:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    try:
        private = load_pem_private_key(pem.encode(), pass_phrase.encode() or None)
    except (TypeError, ValueError):
        raise TargetRejectedKey("the private key for this provider cannot be read") from None
    if not isinstance(private, RSAPrivateKey):
        raise TargetRejectedKey("the private key for this provider is no RSA key")

    return private


def _signature(private: RSAPrivateKey, text: bytes) -> str:
    from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
    from cryptography.hazmat.primitives.hashes import SHA256

    return b64encode(private.sign(text, PKCS1v15(), SHA256())).decode()
