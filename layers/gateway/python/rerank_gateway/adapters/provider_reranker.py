"""A provider at work: its dialect phrases, a carrier sends, its dialect understands."""

from __future__ import annotations

from dataclasses import dataclass, replace

from pydantic_core import to_json

from rerank_gateway import __version__
from rerank_gateway.adapters.failures import failure_of
from rerank_gateway.adapters.key_ring import KeyRing
from rerank_gateway.adapters.messages import Carrier, Reply
from rerank_gateway.adapters.provider import Provider
from rerank_gateway.domain.answer import Scores, Usage
from rerank_gateway.domain.errors import TargetBusy, TargetError, TargetMissing, TargetRejectedKey
from rerank_gateway.domain.ports import Reranker
from rerank_gateway.domain.request import RerankRequest


@dataclass(frozen=True, slots=True)
class ProviderReranker(Reranker):
    """*url* is the operator's, and replaces the provider's own."""

    provider: Provider
    carrier: Carrier
    keys: KeyRing
    url: str | None = None

    def rerank(self, request: RerankRequest, model: str, timeout: float) -> Scores:
        key = self._key()
        reply = self._send(request, model, key, timeout)
        if not 200 <= reply.status < 300:
            raise self._failure(reply, key)
        scores = self.provider.dialect.understand(reply)

        return replace(scores, usage=self._priced(scores.usage, model, len(request.texts)))

    def _key(self) -> str | None:
        key = self.keys.take(self.provider.name)
        if key is None and self.provider.needs_key:
            raise TargetMissing(f"this gateway holds no key for {self.provider.name}")

        return key

    def _send(self, request: RerankRequest, model: str, key: str | None, timeout: float) -> Reply:
        address = self.provider.address(key, self.url)
        if address is None:
            raise TargetMissing(f"this gateway's configuration has no address for {self.provider.name}")
        # A caller's document may hold NaN, which no provider would read.
        body = to_json(self.provider.dialect.phrase(request, model), inf_nan_mode="null")

        return self.carrier.send(address, _headers(key), body, timeout)

    def _failure(self, reply: Reply, key: str | None) -> TargetError:
        error = failure_of(reply)
        if key and (isinstance(error, TargetRejectedKey) or reply.status == TargetBusy.status):
            error.spare_key = self.keys.rest(self.provider.name, key, error.retry_after)

        return error

    def _priced(self, usage: Usage, model: str, documents: int) -> Usage:
        price = self.provider.prices.get(model)

        return replace(usage, cost=price.of(usage, documents)) if price and usage.cost is None else usage


def _headers(key: str | None) -> dict[str, str]:
    headers = {"user-agent": f"rerank-gateway/{__version__}"}

    return {**headers, "authorization": f"Bearer {key}"} if key else headers
