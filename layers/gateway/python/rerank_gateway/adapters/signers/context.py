"""What signers are given, beside a provider's own settings."""

from __future__ import annotations

from dataclasses import dataclass, field

from rerank_gateway.adapters.aws.credentials import CredentialSource
from rerank_gateway.adapters.transports.messages import Transport
from rerank_gateway.domain.clock import Clock


@dataclass(frozen=True, slots=True)
class SigningContext:
    """By *transport* tokens are fetched; with *credentials* requests to AWS are signed."""

    transport: Transport
    clock: Clock
    credentials: CredentialSource = field(default_factory=CredentialSource)
