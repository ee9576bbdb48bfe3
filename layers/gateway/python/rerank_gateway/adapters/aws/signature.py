"""
AWS's Signature Version 4 (docs.aws.amazon.com/IAM, "Create a signed AWS API request").

botocore has it too, but brings a tenth of a second of imports along, which is half of a cold start.
"""

from __future__ import annotations

import hmac
import time
from collections.abc import Mapping
from dataclasses import dataclass
from functools import reduce
from hashlib import sha256
from urllib.parse import quote, urlsplit

from rerank_gateway.adapters.aws.credentials import Credentials
from rerank_gateway.adapters.transports.messages import ProviderRequest

ALGORITHM = "AWS4-HMAC-SHA256"


@dataclass(frozen=True, slots=True)
class Scope:
    """What a signature is good for: a *service*, by the name it signs with, in a *region*, for a day."""

    service: str
    region: str


def sign(request: ProviderRequest, scope: Scope, credentials: Credentials, now: float) -> dict[str, str]:
    """
    Every header that the signature covers, those of *request* among them, so that just these are sent, and the
    signature itself. *now* is in epoch seconds.
    """
    moment = time.strftime("%Y%m%dT%H%M%SZ", time.gmtime(now))
    token = {"x-amz-security-token": credentials.token} if credentials.token else {}
    covered = {"host": urlsplit(request.url).netloc, **request.headers, "x-amz-date": moment, **token}
    limits = f"{moment[:8]}/{scope.region}/{scope.service}/aws4_request"
    signed = f"{ALGORITHM}\n{moment}\n{limits}\n{_sha256(_canonical(request, covered).encode())}"
    key = reduce(_hmac, limits.split("/"), f"AWS4{credentials.secret_key}".encode())
    parts = {
        "Credential": f"{credentials.access_key}/{limits}",
        "SignedHeaders": _names(covered),
        "Signature": _hmac(key, signed).hex(),
    }

    return {**covered, "authorization": f"{ALGORITHM} " + ", ".join(f"{name}={value}" for name, value in parts.items())}


def _canonical(request: ProviderRequest, headers: Mapping[str, str]) -> str:
    """*request* in the one way of writing it down that both sides know."""
    address = urlsplit(request.url)
    # Every service but S3 has the path encoded once more than it is on the wire.
    path = quote(_without_dots(address.path), safe="/~")
    pairs = sorted(pair.partition("=") for pair in address.query.split("&") if pair)
    query = "&".join(f"{name}={value}" for name, _, value in pairs)
    lines = "".join(f"{name}:{headers[name]}\n" for name in sorted(headers))

    return f"POST\n{path}\n{query}\n{lines}\n{_names(headers)}\n{_sha256(request.body)}"


def _without_dots(path: str) -> str:
    """*path* without empty and relative steps (RFC 3986, 5.2.4), as services read it, too."""
    steps: list[str] = []
    for step in path.split("/"):
        if step == "..":
            del steps[-1:]
        elif step not in ("", "."):
            steps.append(step)
    end = "/" if steps and path.endswith("/") else ""

    return "/" + "/".join(steps) + end


def _names(headers: Mapping[str, str]) -> str:
    return ";".join(sorted(headers))


def _sha256(content: bytes) -> str:
    return sha256(content).hexdigest()


def _hmac(key: bytes, text: str) -> bytes:
    return hmac.digest(key, text.encode(), "sha256")
