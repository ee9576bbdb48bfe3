"""Refuse what names an endpoint that will not hear of it."""

from __future__ import annotations

from dataclasses import dataclass

from rerank_gateway.domain.errors import InvalidRequest
from rerank_gateway.domain.webhooks.endpoints import must_be_a_name
from rerank_gateway.domain.webhooks.ports import EndpointFinder


@dataclass(frozen=True, slots=True)
class RequireWebhook:
    endpoints: EndpointFinder

    def __call__(self, name: str, param: str) -> None:
        """Raise InvalidRequest, which calls the option *param*, unless there is such an endpoint; Unavailable."""
        must_be_a_name(name, param)
        endpoint = self.endpoints.find(name)
        if endpoint is None:
            raise InvalidRequest(f"{param} names no webhook: there is no {name!r}", param=param)
        if endpoint.disabled:
            raise InvalidRequest(f"{param} names a webhook that is disabled: {name!r}", param=param)
