"""Requests to providers and their responses, over whichever transport, and the ports for signing and sending."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol, TypeAlias

from pydantic_core import from_json

from rerank_gateway.domain.deadline import Deadline
from rerank_gateway.domain.errors import BadReply


@dataclass(frozen=True, slots=True)
class ProviderResponse:
    """A provider's response, unparsed. Header names are lower-case."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> Any:
        """The parsed body. Raises BadReply."""
        try:
            return from_json(self.body)
        except ValueError as unreadable:
            raise BadReply("the reply is not JSON") from unreadable


@dataclass(frozen=True, slots=True)
class ProviderRequest:
    """A request as it is sent to a provider. Header names are lower-case."""

    url: str
    headers: Mapping[str, str]
    body: bytes


AwaitResponse: TypeAlias = Callable[[Deadline], ProviderResponse]
"""Brings the response to a request that was sent, before a deadline. Raises what sending it raises."""


class Signer(Protocol):
    def require_access(self, key: str | None) -> None:
        """Raise TargetMissing, which names the setting that is missing, where nothing can be signed with *key*."""
        return

    def headers(self, request: ProviderRequest, key: str | None, deadline: Deadline) -> Mapping[str, str]:
        """
        The headers that authenticate *request*, by way of *key* where there is one, before *deadline*.

        Raises a TargetError.
        """

    def invalidate(self, key: str | None, headers: Mapping[str, str]) -> bool:
        """
        Forget the token in *headers*, which were made by way of *key* and turned down. False where there is none, and
        the same headers would be made again.
        """
        return False


class Transport(Protocol):
    def send(self, request: ProviderRequest, deadline: Deadline) -> ProviderResponse:
        """
        Post *request* and bring the response back, all of it before *deadline*.

        Raises TargetTimedOut, TargetFailed or BadReply.
        """

    def begin(self, request: ProviderRequest, deadline: Deadline) -> AwaitResponse:
        """
        Post *request* before *deadline*, and go on: what the result brings has come meanwhile. It is not sent again
        where the connection turns out to be broken. One that cannot do that waits for the response. Raises the same.
        """
        response = self.send(request, deadline)

        return lambda _: response
