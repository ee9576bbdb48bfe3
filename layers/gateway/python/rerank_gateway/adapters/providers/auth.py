"""How providers authenticate requests."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias


@dataclass(frozen=True, slots=True)
class HeaderAuth:
    """The key itself is in a header, behind *scheme*."""

    name: str = "authorization"
    scheme: str = "Bearer"


@dataclass(frozen=True, slots=True)
class SignedAuth:
    """Signed for each request by `adapters/signers/BY.py`; *service* is AWS's name of what is called."""

    by: Literal["aws", "google", "ibm", "oci"]
    service: str = ""


Auth: TypeAlias = HeaderAuth | SignedAuth
BEARER = HeaderAuth()
