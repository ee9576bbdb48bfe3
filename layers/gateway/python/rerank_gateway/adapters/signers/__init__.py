"""Signers of requests: each is loaded when a provider first needs it, as some bring a library along."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import Any

from rerank_gateway.adapters.providers.auth import Auth, HeaderAuth
from rerank_gateway.adapters.signers.header import HeaderSigner
from rerank_gateway.adapters.transports.messages import Signer, Transport
from rerank_gateway.domain.clock import Clock


def create_signer(auth: Auth, settings: Mapping[str, str], transport: Transport, clock: Clock) -> Signer:
    """The signer for a provider with this *auth* and these *settings*; it fetches tokens by *transport*."""
    if isinstance(auth, HeaderAuth):
        return HeaderSigner(auth)
    module: Any = import_module(f"rerank_gateway.adapters.signers.{auth.by}")
    signer: Signer = module.signer(auth.service, settings, transport, clock)

    return signer
