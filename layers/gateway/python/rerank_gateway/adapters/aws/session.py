"""What all calls to AWS from this environment have in common."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from random import Random

from rerank_gateway.adapters.aws.credentials import CredentialSource
from rerank_gateway.adapters.aws.partitions import partition_of
from rerank_gateway.adapters.transports.messages import Transport
from rerank_gateway.domain.clock import Clock


@dataclass(frozen=True, slots=True)
class AwsSession:
    """
    Region, credentials and addresses as they are in the environment's *variables*, under the names that AWS's own SDKs
    know. *transport* is made when the first call is sent.
    """

    variables: Mapping[str, str]
    credentials: CredentialSource
    transport: Callable[[], Transport]
    clock: Clock
    rng: Random

    @property
    def region(self) -> str:
        """The environment's; none where nobody has said it."""
        return self.variables.get("AWS_REGION") or self.variables.get("AWS_DEFAULT_REGION", "")

    def endpoint(self, service: str, variable: str) -> str:
        """The address of a *service*; *variable* is how it is called in AWS_ENDPOINT_URL_VARIABLE."""
        own = self.variables.get(f"AWS_ENDPOINT_URL_{variable}") or self.variables.get("AWS_ENDPOINT_URL")

        return (
            own.rstrip("/") + "/" if own else f"https://{service}.{self.region}.{partition_of(self.region).dns_suffix}/"
        )
