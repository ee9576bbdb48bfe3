"""The request fields that are about routing rather than ranking, and what they mean inside."""

from __future__ import annotations

from math import isfinite
from typing import Annotated, Literal

from pydantic import Field

from rerank_gateway.apis.shared.request_fields import AS_INT, Body, ModelName
from rerank_gateway.domain.errors import InvalidRequest
from rerank_gateway.domain.request import WeightedModel
from rerank_gateway.domain.retry import NO_RETRY, RetryPolicy

DEFAULT_RETRIES = 3
"""For a `retry` without `count`, as orq.ai has it."""
DEFAULT_CACHE_TTL_S = 1_800
MAX_CACHE_TTL_S = 259_200
"""Seconds; the latter as orq.ai has it."""
DEFAULT_WEIGHT = 1.0
StatusCode = Annotated[int, Field(ge=400, le=599), AS_INT]
"""Of an error."""


class RetryField(Body):
    count: Annotated[int, Field(ge=0, le=5), AS_INT] | None = None
    on_codes: Annotated[list[StatusCode], Field(max_length=200, fail_fast=True)] | None = None


class TimeoutField(Body):
    call_timeout: Annotated[float, Field(gt=0, allow_inf_nan=False)] | None = None


class WeightedModelField(Body):
    model: ModelName
    weight: Annotated[float, Field(ge=0, allow_inf_nan=False)] | None = None


class LoadBalancerField(Body):
    type: Literal["weight_based"] | None = None
    models: Annotated[list[WeightedModelField], Field(min_length=1, max_length=50)]


class CacheField(Body):
    type: Literal["exact_match"] | None = None
    ttl: Annotated[int, Field(ge=1, le=MAX_CACHE_TTL_S), AS_INT] | None = None


def to_retry(field: RetryField | None) -> RetryPolicy:
    if field is None:
        return NO_RETRY
    count = DEFAULT_RETRIES if field.count is None else field.count

    return RetryPolicy(count) if field.on_codes is None else RetryPolicy(count, frozenset(field.on_codes))


def to_call_timeout(field: TimeoutField | None) -> float | None:
    """The time limit of a try, in seconds. Callers have milliseconds."""
    return field.call_timeout / 1000 if field and field.call_timeout else None


def to_cache_ttl(field: CacheField | None, default: int = DEFAULT_CACHE_TTL_S) -> int | None:
    """For how many seconds an answer is cached; None where the request has no `cache`."""
    return (field.ttl or default) if field else None


def to_load_balancer(field: LoadBalancerField | None, default: float = DEFAULT_WEIGHT) -> tuple[WeightedModel, ...]:
    """
    The models to draw from, by their weight, or the *default* where one has none. Raises InvalidRequest for weights
    that nobody can draw by.
    """
    entries = field.models if field else ()
    models = tuple(WeightedModel(each.model, default if each.weight is None else each.weight) for each in entries)
    total = sum(entry.weight for entry in models)
    if models and not total:
        raise InvalidRequest("load_balancer.models must have a weight above 0 among them", param="load_balancer.models")
    if not isfinite(total):
        raise InvalidRequest("load_balancer.models must have weights with a finite sum", param="load_balancer.models")

    return models
