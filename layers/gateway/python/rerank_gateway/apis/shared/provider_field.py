"""OpenRouter's `provider`: whom a caller prefers, and what they demand of whoever is asked."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, ConfigDict, Field, WithJsonSchema

from rerank_gateway.apis.shared.request_fields import Body, Name
from rerank_gateway.domain.constraints import NO_CONSTRAINTS, Constraints, MaxPrice
from rerank_gateway.domain.preferences import NO_PREFERENCES, Preferences, SortBy

DECIMAL = r"^[0-9]{1,9}(\.[0-9]{1,12})?$"


def _sort(value: Any) -> Any:
    """OpenRouter's clients may send an object, and want throughput, which for one ranking is latency."""
    sort = value.get("by") if isinstance(value, Mapping) else value

    return "latency" if sort == "throughput" else sort


def _number(value: Any) -> Any:
    """OpenRouter's clients may write an amount as a string."""
    return float(value) if isinstance(value, str) and re.match(DECIMAL, value) else value


Names = Annotated[list[Name], Field(max_length=50)]
Usd = Annotated[
    float,
    Field(ge=0, allow_inf_nan=False),
    BeforeValidator(_number),
    WithJsonSchema({"anyOf": [{"type": "number", "minimum": 0}, {"type": "string", "pattern": DECIMAL}]}),
]


class MaxPriceField(Body):
    """A limit that is not known here would not be kept, so it is an error."""

    model_config = ConfigDict(strict=True, extra="forbid")

    prompt: Usd | None = None
    completion: Usd | None = None
    request: Usd | None = None
    image: Usd | None = None
    audio: Usd | None = None


class ProviderField(Body):
    allow_fallbacks: bool | None = None
    order: Names | None = None
    only: Names | None = None
    ignore: Names | None = None
    sort: Annotated[SortBy | Literal["exacto"], BeforeValidator(_sort)] | None = None
    data_collection: Literal["allow", "deny"] | None = None
    zdr: bool | None = None
    enforce_distillable_text: bool | None = None
    require_parameters: bool | None = None
    quantizations: Names | None = None
    max_price: MaxPriceField | None = None

    def without_effect(self) -> Iterator[str]:
        """OpenRouter's "exacto" goes by how well providers call tools, which rerankers do not."""
        if self.sort == "exacto":
            yield "sort"


def to_preferences(field: ProviderField | None) -> Preferences:
    if field is None:
        return NO_PREFERENCES

    return Preferences(
        order=_lowercase(field.order),
        only=_lowercase(field.only),
        ignore=_lowercase(field.ignore),
        allow_fallbacks=field.allow_fallbacks is not False,
        sort=None if field.sort == "exacto" else field.sort,
        constraints=_constraints(field),
    )


def _constraints(field: ProviderField) -> Constraints:
    constraints = Constraints(
        data_collection="deny" if field.data_collection == "deny" else None,
        zdr=bool(field.zdr),
        enforce_distillable_text=bool(field.enforce_distillable_text),
        require_parameters=bool(field.require_parameters),
        quantizations=tuple(sorted(set(_lowercase(field.quantizations)))),
        max_price=_max_price(field.max_price),
    )

    return constraints if constraints.as_fields() else NO_CONSTRAINTS


def _max_price(field: MaxPriceField | None) -> MaxPrice | None:
    limits = field.model_dump(exclude_none=True) if field else {}

    return MaxPrice(**limits) if limits else None


def _lowercase(names: list[str] | None) -> tuple[str, ...]:
    return tuple(name.lower() for name in names or ())
