"""
Oracle Cloud's authentication: each request is signed with the private key of an API signing key (RSA, SHA-256).

A key is a JSON object with the names of OCI's own configuration, or the path of a file that holds one:
`{"tenancy": "ocid1.tenancy…", "user": "ocid1.user…", "fingerprint": "aa:bb:…", "key_content": "-----BEGIN …"}`, and
`pass_phrase` where the private key has one.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import formatdate
from hashlib import sha256
from typing import Any
from urllib.parse import urlsplit

from rerank_gateway.adapters.signers.context import SigningContext
from rerank_gateway.adapters.signers.json_keys import strings_of
from rerank_gateway.adapters.signers.rsa_keys import load_private_key, sign_sha256
from rerank_gateway.adapters.transports.messages import ProviderRequest, Signer
from rerank_gateway.domain.clock import Clock
from rerank_gateway.domain.deadline import Deadline


def signer(_: str, __: Mapping[str, str], context: SigningContext) -> Signer:
    return OciSigner(context.clock)


@dataclass(frozen=True, slots=True)
class OciSigner(Signer):
    """It also gives the headers that it signs, so that what is sent is what was signed."""

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
    private = load_private_key(account["key_content"], str(account.get("pass_phrase") or ""))
    text = "\n".join(f"{name}: {value}" for name, value in signed.items())
    fields = {
        "algorithm": "rsa-sha256",
        "headers": " ".join(signed),
        "keyId": f"{account['tenancy']}/{account['user']}/{account['fingerprint']}",
        "signature": b64encode(sign_sha256(private, text.encode())).decode(),
        "version": "1",
    }

    return "Signature " + ",".join(f'{name}="{value}"' for name, value in fields.items())
