"""One request to a provider and its response: signed, sent and told from an error."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from rerank_gateway.adapters.providers.description import Provider
from rerank_gateway.adapters.providers.errors import to_target_error
from rerank_gateway.adapters.providers.masking import Mask
from rerank_gateway.adapters.transports.messages import ProviderRequest, ProviderResponse, Signer, Transport
from rerank_gateway.domain.deadline import Deadline
from rerank_gateway.domain.errors import TargetAsleep, TargetTimedOut

WAKING_S = 30.0
"""Seconds after which to ask again who is being started: that takes minutes, and each time says that it is wanted."""


@dataclass(frozen=True, slots=True)
class Exchange:
    provider: Provider
    transport: Transport
    signer: Signer

    def __call__(self, request: ProviderRequest, key: str | None, deadline: Deadline) -> ProviderResponse:
        """
        The successful response to *request*, signed by way of *key*, before *deadline*. A token that is turned down is
        replaced, once: it may have been revoked, with its key as good as ever. Raises a TargetError.
        """
        response, signed = self._send(request, key, deadline)
        if response.status == 401 and self.signer.invalidate(key, signed):
            response, signed = self._send(request, key, deadline)
        if self.provider.is_asleep(response):
            raise TargetAsleep("it runs nowhere at the moment, and is being started", retry_after=WAKING_S)
        if not 200 <= response.status < 300:
            raise to_target_error(response, Mask.of(request.url, key, signed))

        return response

    def _send(
        self, request: ProviderRequest, key: str | None, deadline: Deadline
    ) -> tuple[ProviderResponse, Mapping[str, str]]:
        """The response, with the status that it means, and the headers that the request was signed with."""
        _require_time(deadline)
        signed = self.signer.headers(request, key, deadline)
        _require_time(deadline)
        signed_request = ProviderRequest(request.url, {**request.headers, **signed}, request.body)
        response = self.transport.send(signed_request, deadline)
        status = self.provider.status(response)

        return response if status == response.status else replace(response, status=status), signed


def _require_time(deadline: Deadline) -> None:
    if deadline.is_over:
        raise TargetTimedOut("the time was over before the question could be sent")
