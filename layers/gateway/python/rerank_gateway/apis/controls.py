"""The request fields that steer the gateway rather than the ranking, and what they mean inside."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from rerank_gateway.apis.fields import WHOLE, AtLeastOne, Body, ModelName
from rerank_gateway.domain.errors import InvalidRequest
from rerank_gateway.domain.request import Retry, Weighted

USUAL_RETRIES = 3
"""When a request says `retry` but not how often, as orq.ai has it."""


class RetryField(Body):
    count: Annotated[int, Field(ge=0, le=5), WHOLE] | None = None
    on_codes: list[Annotated[int, Field(ge=400, le=599), WHOLE]] | None = None


class TimeoutField(Body):
    call_timeout: Annotated[float, Field(gt=0, allow_inf_nan=False)] | None = None


class ShareField(Body):
    model: ModelName
    weight: Annotated[float, Field(ge=0, allow_inf_nan=False)] = 1.0


class LoadBalancerField(Body):
    type: Literal["weight_based"] | None = None
    models: Annotated[list[ShareField], Field(min_length=1, max_length=50)]


class CacheField(Body):
    type: Literal["exact_match"] | None = None
    ttl: AtLeastOne | None = None


class ProviderField(Body):
    allow_fallbacks: bool | None = None
    order: list[str] | None = None
    only: list[str] | None = None
    ignore: list[str] | None = None


def retry_of(field: RetryField | None) -> Retry:
    if field is None:
        return Retry()
    count = USUAL_RETRIES if field.count is None else field.count

    return Retry(count) if field.on_codes is None else Retry(count, frozenset(field.on_codes))


def seconds_of(field: TimeoutField | None) -> float | None:
    """A try's time limit. Callers give it in milliseconds."""
    return field.call_timeout / 1000 if field and field.call_timeout else None


def balance_of(field: LoadBalancerField | None) -> tuple[Weighted, ...]:
    """The shares of the draw. Raises InvalidRequest when none of them has any weight."""
    shares = tuple(Weighted(share.model, share.weight) for share in field.models) if field else ()
    if shares and not any(share.weight for share in shares):
        raise InvalidRequest("load_balancer.models must have a weight above 0 among them", param="load_balancer.models")

    return shares
