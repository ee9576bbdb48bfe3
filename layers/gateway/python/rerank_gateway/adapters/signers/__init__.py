"""Ways to be let in: each is loaded when a provider first needs it, as some bring a library along."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import Any

from rerank_gateway.adapters.auth import Auth, InHeader
from rerank_gateway.adapters.messages import Carrier, Signer
from rerank_gateway.adapters.signers.header import HeaderSigner
from rerank_gateway.domain.ports import Clock


def signer(auth: Auth, settings: Mapping[str, str], carrier: Carrier, clock: Clock) -> Signer:
    """Who signs for a provider with this *auth* and these *settings*; tokens are fetched by *carrier*."""
    if isinstance(auth, InHeader):
        return HeaderSigner(auth)
    module: Any = import_module(f"rerank_gateway.adapters.signers.{auth.by}")
    made: Signer = module.signer(auth.service, settings, carrier, clock)

    return made
