"""AWS's Signature Version 4."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from rerank_gateway.adapters.aws.credentials import CREDENTIAL_VARIABLES, Credentials, CredentialSource, NoCredentials
from rerank_gateway.adapters.aws.signature import Scope, sign
from rerank_gateway.adapters.signers.context import SigningContext
from rerank_gateway.adapters.transports.messages import ProviderRequest, Signer
from rerank_gateway.domain.clock import Clock
from rerank_gateway.domain.deadline import Deadline
from rerank_gateway.domain.errors import TargetFailed, TargetNotConfigured, Unavailable

SIGNED = {"content-type": "application/json"}


def signer(service: str, settings: Mapping[str, str], context: SigningContext) -> Signer:
    return AwsSigner(Scope(service, settings["region"]), context.credentials, context.clock)


@dataclass(frozen=True, slots=True)
class AwsSigner(Signer):
    """Signs for *scope*, with the *credentials* of the moment; a key is sent as a bearer token."""

    scope: Scope
    credentials: CredentialSource
    clock: Clock

    def require_access(self, key: str | None) -> None:
        if not key:
            self._current()

    def headers(self, request: ProviderRequest, key: str | None, deadline: Deadline) -> Mapping[str, str]:
        if key:
            return {"authorization": f"Bearer {key}"}

        return sign(ProviderRequest(request.url, SIGNED, request.body), self.scope, self._current(), self.clock.epoch())

    def _current(self) -> Credentials:
        try:
            return self.credentials.current()
        except NoCredentials:
            message = f"this gateway has no AWS credentials to sign with: set {CREDENTIAL_VARIABLES}"
            raise TargetNotConfigured(message, lacks="key") from None
        except Unavailable as error:
            raise TargetFailed(error.message) from error
