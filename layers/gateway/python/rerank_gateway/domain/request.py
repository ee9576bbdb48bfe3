"""What a caller wants ranked, and how."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias

from rerank_gateway.domain.keys import EVERY_MODEL
from rerank_gateway.domain.preferences import NO_PREFERENCES, Preferences
from rerank_gateway.domain.retry import NO_RETRY, RetryPolicy
from rerank_gateway.domain.trace import Trace

Document: TypeAlias = str | Mapping[str, Any]
Truncate: TypeAlias = Literal["none", "start", "end"]


@dataclass(frozen=True, slots=True)
class WeightedModel:
    """A model and its share of the draws of a load balancer."""

    model: str
    weight: float


@dataclass(frozen=True, slots=True, kw_only=True)
class RerankRequest:
    """
    One request, already validated: whoever holds it need not check again.

    *documents* are the caller's own, for the answer; *texts* are what is ranked of them, in the same order, and
    *images* those of the documents that have one, by index: an address or base64. *normalized* asks for scores between
    0 and 1. *call_timeout* and *cache_ttl* are in seconds. *default_max_tokens_per_doc* is the operator's, for a
    request that does not say. Where *fallback_on_codes* is given, only failures with these statuses lead on to another
    target. *attribution* is for OpenRouter's own records, and nobody else's. *document_metadata* is what a model may
    be told of each document beside its text. *allowed_models* are the globs of the caller's key; *trace* is what
    providers are told of whose request it is a part of.
    """

    model: str
    query: str
    documents: Sequence[Document]
    texts: Sequence[str]
    images: Mapping[int, str] = field(default_factory=dict)
    top_n: int | None = None
    return_documents: bool = False
    max_tokens_per_doc: int | None = None
    default_max_tokens_per_doc: int | None = None
    truncate: Truncate | None = None
    priority: int | None = None
    instruction: str | None = None
    normalized: bool = False
    fallbacks: tuple[str, ...] = ()
    fallback_on_codes: frozenset[int] | None = None
    load_balancer: tuple[WeightedModel, ...] = ()
    retry: RetryPolicy = NO_RETRY
    call_timeout: float | None = None
    cache_ttl: int | None = None
    preferences: Preferences = NO_PREFERENCES
    user: str | None = None
    attribution: Mapping[str, Any] = field(default_factory=dict)
    metadata: Mapping[str, Any] = field(default_factory=dict)
    document_metadata: Sequence[str] | None = None
    extra_body: Mapping[str, Any] = field(default_factory=dict)
    allowed_models: tuple[str, ...] = EVERY_MODEL
    trace: Trace | None = None

    @property
    def result_count(self) -> int:
        """How many results the answer has."""
        return min(self.top_n or len(self.texts), len(self.texts))

    @property
    def primary_models(self) -> tuple[str, ...]:
        """The models of which one is the first to be asked."""
        return tuple(share.model for share in self.load_balancer) or (self.model,)

    @property
    def models(self) -> tuple[str, ...]:
        """Every model that the caller named, in the order of the request."""
        return (self.model, *(share.model for share in self.load_balancer), *self.fallbacks)
