"""The request fields that are about routing rather than ranking, and what they mean inside."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from math import isfinite
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from rerank_gateway.apis.shared.request_fields import AS_INT, Body, ModelName, NotBlank
from rerank_gateway.domain.errors import InvalidRequest
from rerank_gateway.domain.preferences import NO_PREFERENCES, Preferences, SortBy
from rerank_gateway.domain.request import WeightedModel
from rerank_gateway.domain.retry import NO_RETRY, RetryPolicy

DEFAULT_RETRIES = 3
"""For a `retry` without `count`, as orq.ai has it."""
DEFAULT_CACHE_TTL_S = 1_800
MAX_CACHE_TTL_S = 259_200
"""Seconds; both as orq.ai has them."""


class RetryField(Body):
    count: Annotated[int, Field(ge=0, le=5), AS_INT] | None = None
    on_codes: list[Annotated[int, Field(ge=400, le=599), AS_INT]] | None = None


class TimeoutField(Body):
    call_timeout: Annotated[float, Field(gt=0, allow_inf_nan=False)] | None = None


class WeightedModelField(Body):
    model: ModelName
    weight: Annotated[float, Field(ge=0, allow_inf_nan=False)] = 1.0


class LoadBalancerField(Body):
    type: Literal["weight_based"] | None = None
    models: Annotated[list[WeightedModelField], Field(min_length=1, max_length=50)]


class CacheField(Body):
    type: Literal["exact_match"] | None = None
    ttl: Annotated[int, Field(ge=1, le=MAX_CACHE_TTL_S), AS_INT] | None = None


def _sort(value: Any) -> Any:
    """OpenRouter's clients may send an object, and want throughput, which for one ranking is latency."""
    sort = value.get("by") if isinstance(value, Mapping) else value

    return "latency" if sort == "throughput" else sort


Names = Annotated[list[NotBlank], Field(max_length=50)]


class ProviderField(Body):
    allow_fallbacks: bool | None = None
    order: Names | None = None
    only: Names | None = None
    ignore: Names | None = None
    sort: Annotated[SortBy | Literal["exacto"], BeforeValidator(_sort)] | None = None

    def without_effect(self) -> Iterator[str]:
        """OpenRouter's "exacto" goes by how well providers call tools, which rerankers do not."""
        if self.sort == "exacto":
            yield "sort"


def to_retry(field: RetryField | None) -> RetryPolicy:
    if field is None:
        return NO_RETRY
    count = DEFAULT_RETRIES if field.count is None else field.count

    return RetryPolicy(count) if field.on_codes is None else RetryPolicy(count, frozenset(field.on_codes))


def to_call_timeout(field: TimeoutField | None) -> float | None:
    """The time limit of a try, in seconds. Callers have milliseconds."""
    return field.call_timeout / 1000 if field and field.call_timeout else None


def to_cache_ttl(field: CacheField | None) -> int | None:
    """For how many seconds an answer is cached; None where the request has no `cache`."""
    return (field.ttl or DEFAULT_CACHE_TTL_S) if field else None


def to_preferences(field: ProviderField | None) -> Preferences:
    if field is None:
        return NO_PREFERENCES

    return Preferences(
        order=_lowercase(field.order),
        only=_lowercase(field.only),
        ignore=_lowercase(field.ignore),
        allow_fallbacks=field.allow_fallbacks is not False,
        sort=None if field.sort == "exacto" else field.sort,
    )


def _lowercase(names: list[str] | None) -> tuple[str, ...]:
    return tuple(name.lower() for name in names or ())


def to_load_balancer(field: LoadBalancerField | None) -> tuple[WeightedModel, ...]:
    """The models to draw from. Raises InvalidRequest for weights that nobody can draw by."""
    models = tuple(WeightedModel(entry.model, entry.weight) for entry in field.models) if field else ()
    total = sum(entry.weight for entry in models)
    if models and not total:
        raise InvalidRequest("load_balancer.models must have a weight above 0 among them", param="load_balancer.models")
    if not isfinite(total):
        raise InvalidRequest("load_balancer.models must have weights with a finite sum", param="load_balancer.models")

    return models
