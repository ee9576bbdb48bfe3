"""A provider as a Reranker: its dialect, a signer and a transport put together."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import chain

from pydantic_core import to_json

from rerank_gateway import __version__
from rerank_gateway.adapters.credentials.key_ring import KeyRing, ProviderKey
from rerank_gateway.adapters.providers.description import Provider
from rerank_gateway.adapters.providers.dialect import Payload
from rerank_gateway.adapters.providers.exchange import Exchange
from rerank_gateway.adapters.providers.parameters import dropped_extra_fields, told_parameters
from rerank_gateway.adapters.providers.usage import priced
from rerank_gateway.adapters.transports.messages import ProviderRequest, ProviderResponse, Signer, Transport
from rerank_gateway.domain.answer import ProviderScores
from rerank_gateway.domain.deadline import Deadline
from rerank_gateway.domain.errors import TargetBusy, TargetError, TargetNotConfigured, TargetRejectedKey
from rerank_gateway.domain.ineffective import ineffective_fields
from rerank_gateway.domain.ports import Reranker
from rerank_gateway.domain.profile import Profile
from rerank_gateway.domain.request import RerankRequest
from rerank_gateway.domain.usage import Usage

USER_AGENT = {"user-agent": f"rerank-gateway/{__version__}"}
MAX_PROFILES = 1_000
"""Profiles that are cached, as matching globs takes long; callers choose models as they like."""


@dataclass(frozen=True, slots=True)
class ProviderReranker(Reranker):
    """
    *name* is what the operator calls this provider and its keys; *url* replaces the provider's own, and *settings* has
    all those that the provider calls for.
    """

    name: str
    provider: Provider
    transport: Transport
    signer: Signer
    keys: KeyRing
    url: str | None = None
    settings: Mapping[str, str] = field(default_factory=dict)
    cached_profile: Callable[[str], Profile] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "cached_profile", lru_cache(MAX_PROFILES)(self._profile))

    def profile(self, model: str) -> Profile:
        return self.cached_profile(model)

    def _profile(self, model: str) -> Profile:
        parameters = told_parameters(self.provider.dialect, model, self.settings)

        return replace(self.provider.profile(model), parameters=parameters)

    def require_access(self, model: str) -> None:
        key = self._key()
        value = key.value if key else None
        self._address(model, value)
        self.signer.require_access(value)

    def ineffective_fields(self, request: RerankRequest, model: str) -> Iterable[str]:
        yield from ineffective_fields(request, self.profile(model))
        if request.extra_body:
            payload = self.provider.dialect.phrase(request, model, self.settings)
            yield from dropped_extra_fields(request.extra_body, payload)

    def rerank(self, request: RerankRequest, model: str, deadline: Deadline) -> ProviderScores:
        payload, key = self.provider.dialect.phrase(request, model, self.settings), self._key()
        number = key.number if key else 0
        try:
            value = key.value if key else None
            sent = ProviderRequest(self._address(model, value), self._headers(request, model), b"")
            pages = list(self._pages(payload, sent, value, deadline))
        except TargetError as error:
            error.key_number = number
            raise
        pairs = list(chain.from_iterable(page.pairs for page in pages))
        usage = Usage.total(page.usage for page in pages)
        price = self.profile(model).price

        dialect, usage = self.provider.dialect, priced(usage, price, request)

        return ProviderScores(pairs, usage, dialect.kind, dialect.ordered, key_number=number)

    def _pages(
        self, payload: Payload, sent: ProviderRequest, key: str | None, deadline: Deadline
    ) -> Iterator[ProviderScores]:
        """The scores, page by page: almost all providers have but one."""
        dialect = self.provider.dialect
        more: Mapping[str, object] | None = {}
        while more is not None:
            # A caller's document may hold NaN, which no provider would read.
            body = to_json({**payload, **more}, inf_nan_mode="null")
            response = self._send(replace(sent, body=body), key, deadline)
            yield dialect.understand(response)
            more = dialect.next_page(response.json()) if dialect.next_page else None

    def _key(self) -> ProviderKey | None:
        key = self.keys.take(self.name)
        if key is None and self.provider.needs_key:
            message = f"this gateway holds no key for {self.name}: set {self.keys.setting(self.name)}"
            raise TargetNotConfigured(message, lacks="key")

        return key

    def _send(self, request: ProviderRequest, key: str | None, deadline: Deadline) -> ProviderResponse:
        try:
            return Exchange(self.provider, self.transport, self.signer)(request, key, deadline)
        except (TargetRejectedKey, TargetBusy) as error:
            self._cool_down(key, error)
            raise

    def _address(self, model: str, key: str | None) -> str:
        address = self.provider.address(model, key, self.url, self.settings)
        if address is None:
            message = f"this gateway has no address for {self.name}: set url in [providers.{self.name}]"
            raise TargetNotConfigured(message, lacks="address")

        return address

    def _headers(self, request: RerankRequest, model: str) -> dict[str, str]:
        traced = request.trace.headers if request.trace else {}
        own = {name: value.format_map(self.settings) for name, value in self.provider.headers.items()}
        # A setting that the operator may leave out is empty.
        given = {name: value for name, value in own.items() if value}

        return {**USER_AGENT, **traced, **given, **self.provider.model_headers(model)}

    def _cool_down(self, key: str | None, error: TargetError) -> None:
        """Pass *key* over for a while, if *error* says that it was rejected or has used up its quota."""
        if key and (isinstance(error, TargetRejectedKey) or error.status_code == TargetBusy.status):
            error.has_spare_key = self.keys.cool_down(self.name, key, error.retry_after)
