"""Assembly of the way to AWS, and of the connections that lead there and to providers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from random import Random
from typing import TYPE_CHECKING

from rerank_gateway.adapters.aws.credentials import CredentialSource
from rerank_gateway.adapters.aws.json_api import AwsJsonApi, JsonService
from rerank_gateway.adapters.aws.patience import PATIENT, Patience
from rerank_gateway.adapters.aws.session import AwsSession
from rerank_gateway.domain.clock import Clock

# What not every function needs is imported where it is assembled, as each import is part of a cold start.
if TYPE_CHECKING:
    from rerank_gateway.adapters.transports.https import HttpsTransport


@dataclass(frozen=True)
class AwsServices:
    """With the credentials and addresses in *variables*, which Lambda may write anew."""

    variables: Mapping[str, str]
    clock: Clock
    rng: Random

    def api(self, service: JsonService, what: str, patience: Patience = PATIENT) -> AwsJsonApi:
        """The API of a *service* of AWS's, for *what* of the gateway's own lies there."""
        return AwsJsonApi(self._session, service, what, patience)

    @cached_property
    def credentials(self) -> CredentialSource:
        return CredentialSource(self.variables)

    @cached_property
    def transport(self) -> HttpsTransport:
        from rerank_gateway.adapters.transports.https import HttpsTransport

        return HttpsTransport(self.clock)

    @cached_property
    def _session(self) -> AwsSession:
        return AwsSession(self.variables, self.credentials, lambda: self.transport, self.clock, self.rng)

    def close(self) -> None:
        """Let go of all connections."""
        if "transport" in vars(self):
            self.transport.close()
