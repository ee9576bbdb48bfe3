"""Signers of requests: each is loaded when a provider first needs it, as some bring a library along."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import Any

from rerank_gateway.adapters.providers.auth import Auth, HeaderAuth
from rerank_gateway.adapters.signers.context import SigningContext
from rerank_gateway.adapters.signers.header import HeaderSigner
from rerank_gateway.adapters.transports.messages import Signer


def create_signer(auth: Auth, settings: Mapping[str, str], context: SigningContext) -> Signer:
    """The signer for a provider with this *auth* and these *settings*."""
    if isinstance(auth, HeaderAuth):
        return HeaderSigner(auth)
    module: Any = import_module(f"rerank_gateway.adapters.signers.{auth.by}")
    signer: Signer = module.signer(auth.service, settings, context)

    return signer
