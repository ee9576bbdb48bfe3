"""How providers want to know who asks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias


@dataclass(frozen=True, slots=True)
class HeaderAuth:
    """The key itself stands in a header, behind *scheme*."""

    name: str = "authorization"
    scheme: str = "Bearer"


@dataclass(frozen=True, slots=True)
class SignedAuth:
    """Worked out for each question by `adapters/signers/BY.py`; *service* is AWS's name of what is asked."""

    by: Literal["aws", "google", "ibm", "oci"]
    service: str = ""


Auth: TypeAlias = HeaderAuth | SignedAuth
BEARER = HeaderAuth()
