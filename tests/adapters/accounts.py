"""Accounts at cloud providers whose private keys are made for one run of the tests."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
)


@cache
def private_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def pem(key: PrivateKeyTypes, pass_phrase: str = "") -> str:
    lock = BestAvailableEncryption(pass_phrase.encode()) if pass_phrase else NoEncryption()

    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, lock).decode()


def service_account(url: str, /, **changes: Any) -> str:
    """A Google service account's key, as it is downloaded, whose tokens come from *url*."""
    return json.dumps(
        {
            "type": "service_account",
            "project_id": "my-project",
            "private_key_id": "f00",
            "private_key": pem(private_key()),
            "client_email": "ranker@my-project.iam.gserviceaccount.com",
            "client_id": "100",
            "token_uri": url,
            "universe_domain": "googleapis.com",
            **changes,
        }
    )


def oci_account(**changes: Any) -> str:
    """An API signing key of Oracle's cloud."""
    return json.dumps(
        {
            "tenancy": "ocid1.tenancy.oc1..t",
            "user": "ocid1.user.oc1..u",
            "fingerprint": "20:3b:97:13",
            "key_content": pem(private_key()),
            **changes,
        }
    )
