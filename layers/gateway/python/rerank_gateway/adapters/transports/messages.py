"""What goes over the wire and what comes back, whoever carries it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from pydantic_core import from_json

from rerank_gateway.domain.deadline import Deadline
from rerank_gateway.domain.errors import BadReply


@dataclass(frozen=True, slots=True)
class ProviderResponse:
    """What a provider sent back, unparsed. Header names are lower-case."""

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
    """What is sent to a provider. Header names are lower-case."""

    url: str
    headers: Mapping[str, str]
    body: bytes


class Signer(Protocol):
    def headers(self, request: ProviderRequest, key: str | None, deadline: Deadline) -> Mapping[str, str]:
        """
        What else *request* needs to be let in, by way of *key* where there is one, before *deadline*.

        Raises a TargetError.
        """


class Transport(Protocol):
    def send(self, request: ProviderRequest, deadline: Deadline) -> ProviderResponse:
        """
        Post *request* and bring the response back, all of it before *deadline*.

        Raises TargetTimedOut, TargetFailed or BadReply.
        """
