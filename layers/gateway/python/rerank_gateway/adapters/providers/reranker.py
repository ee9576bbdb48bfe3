"""A provider as a Reranker: its dialect, a signer and a transport put together."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import chain

from pydantic_core import to_json

from rerank_gateway import __version__
from rerank_gateway.adapters.credentials.key_ring import KeyRing
from rerank_gateway.adapters.providers.description import Provider
from rerank_gateway.adapters.providers.dialect import Payload
from rerank_gateway.adapters.providers.errors import to_target_error
from rerank_gateway.adapters.providers.ignored import ignored_extra_fields, ignored_options
from rerank_gateway.adapters.providers.usage import priced
from rerank_gateway.adapters.transports.messages import ProviderRequest, ProviderResponse, Signer, Transport
from rerank_gateway.domain.answer import ProviderScores
from rerank_gateway.domain.deadline import Deadline
from rerank_gateway.domain.errors import TargetBusy, TargetError, TargetMissing, TargetRejectedKey, TargetTimedOut
from rerank_gateway.domain.limits.truncation import follows_truncate
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
        object.__setattr__(self, "cached_profile", lru_cache(MAX_PROFILES)(self.provider.profile))

    def profile(self, model: str) -> Profile:
        return self.cached_profile(model)

    def require_access(self, model: str) -> None:
        self._address(model, self._key())

    def rerank(self, request: RerankRequest, model: str, deadline: Deadline) -> ProviderScores:
        payload = self.provider.dialect.phrase(request, model, self.settings)
        pages = list(self._pages(payload, model, deadline))
        pairs = list(chain.from_iterable(page.pairs for page in pages))
        usage = sum((page.usage for page in pages), Usage())
        price = self.profile(model).price

        dialect, usage = self.provider.dialect, priced(usage, price, len(request.texts))
        ignored = tuple(self._ignored(request, model, payload))

        return ProviderScores(pairs, usage, dialect.kind, dialect.ordered, ignored)

    def _ignored(self, request: RerankRequest, model: str, payload: Payload) -> Iterator[str]:
        """The names of the fields of *request* that had no effect."""
        if not follows_truncate(request, self.profile(model)):
            yield "truncate"
        yield from ignored_options(self.provider.dialect, request, model, self.settings)
        yield from ignored_extra_fields(request.extra_body, payload)

    def _pages(self, payload: Payload, model: str, deadline: Deadline) -> Iterator[ProviderScores]:
        """The scores, page by page: almost all providers have but one."""
        dialect, key = self.provider.dialect, self._key()
        more: Mapping[str, object] | None = {}
        while more is not None:
            response = self._send({**payload, **more}, model, key, deadline)
            yield dialect.understand(response)
            more = dialect.next_page(response.json()) if dialect.next_page else None

    def _key(self) -> str | None:
        key = self.keys.take(self.name)
        if key is None and self.provider.needs_key:
            raise TargetMissing(f"this gateway holds no key for {self.name}")

        return key

    def _send(self, payload: Payload, model: str, key: str | None, deadline: Deadline) -> ProviderResponse:
        # A caller's document may hold NaN, which no provider would read.
        request = ProviderRequest(self._address(model, key), self._headers(), to_json(payload, inf_nan_mode="null"))
        try:
            _require_time(deadline)
            signed = self.signer.headers(request, key, deadline)
            _require_time(deadline)
            response = self.transport.send(replace(request, headers={**request.headers, **signed}), deadline)
            return self._successful(response)
        except (TargetRejectedKey, TargetBusy) as error:
            self._cool_down(key, error)
            raise

    def _successful(self, response: ProviderResponse) -> ProviderResponse:
        status = self.provider.status(response)
        if not 200 <= status < 300:
            raise to_target_error(replace(response, status=status))

        return response

    def _address(self, model: str, key: str | None) -> str:
        address = self.provider.address(model, key, self.url, self.settings)
        if address is None:
            raise TargetMissing(f"this gateway's configuration has no address for {self.name}")

        return address

    def _headers(self) -> dict[str, str]:
        own = {name: value.format_map(self.settings) for name, value in self.provider.headers.items()}

        # A setting that the operator may leave out is empty.
        return USER_AGENT | {name: value for name, value in own.items() if value}

    def _cool_down(self, key: str | None, error: TargetError) -> None:
        """Pass *key* over for a while, if *error* says that it was rejected or has used up its quota."""
        if key and (isinstance(error, TargetRejectedKey) or error.status_code == TargetBusy.status):
            error.has_spare_key = self.keys.cool_down(self.name, key, error.retry_after)


def _require_time(deadline: Deadline) -> None:
    if deadline.is_over:
        raise TargetTimedOut("the time was over before the question could be sent")
