"""AWS's Signature Version 4, made by botocore. Its own clients cost a tenth of a second more and are not needed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from threading import Lock
from typing import Any
from urllib.parse import urlsplit

from rerank_gateway.adapters.transports.messages import ProviderRequest, Signer, Transport
from rerank_gateway.domain.clock import Clock
from rerank_gateway.domain.deadline import Deadline
from rerank_gateway.domain.errors import TargetFailed, TargetNotConfigured

CREDENTIAL_VARIABLES = "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE"


def signer(service: str, settings: Mapping[str, str], transport: Transport, clock: Clock) -> Signer:
    return AwsSigner(service, settings["region"])


def _find_credentials() -> Any:
    """The credentials that botocore finds. Raises TargetNotConfigured when there are none."""
    from botocore.credentials import EnvProvider

    # On Lambda they are in the environment, where botocore itself looks first; a session takes 30 ms to get there.
    found = EnvProvider().load() or _find_in_session()
    if found is None:
        message = f"this gateway has no AWS credentials to sign with: set {CREDENTIAL_VARIABLES}"
        raise TargetNotConfigured(message, lacks="key")

    return found


def _find_in_session() -> Any:
    from botocore.session import Session

    return Session().get_credentials()


@dataclass(frozen=True, slots=True)
class AwsSigner(Signer):
    """Signs for *service* in *region*, with *credentials* that are found once; a key is sent as a bearer token."""

    service: str
    region: str
    credentials: Callable[[], Any] = field(default_factory=lambda: cache(_find_credentials))
    finding: Lock = field(default_factory=Lock)

    def require_access(self, key: str | None) -> None:
        if not key:
            self._found()

    def headers(self, request: ProviderRequest, key: str | None, deadline: Deadline) -> Mapping[str, str]:
        return {"authorization": f"Bearer {key}"} if key else self._signed(request)

    def _signed(self, request: ProviderRequest) -> Mapping[str, str]:
        """Every header that the signature covers, so that just these are sent, and the signature itself."""
        from botocore.auth import SigV4Auth
        from botocore.awsrequest import AWSRequest

        covered = {"host": urlsplit(request.url).netloc, "content-type": "application/json"}
        request = AWSRequest("POST", request.url, headers=covered, data=request.body)
        SigV4Auth(self._frozen(), self.service, self.region).add_auth(request)

        return {name.lower(): value for name, value in request.headers.items()}

    def _found(self) -> Any:
        with self.finding:
            return self.credentials()

    def _frozen(self) -> Any:
        """The credentials as of now: those of a role are renewed every few hours."""
        from botocore.exceptions import BotoCoreError, ClientError

        try:
            return self._found().get_frozen_credentials()
        # botocore raises RuntimeError for credentials that have expired when they arrive.
        except (BotoCoreError, ClientError, RuntimeError) as unreachable:
            raise TargetFailed("the gateway's AWS credentials cannot be had at the moment") from unreachable
