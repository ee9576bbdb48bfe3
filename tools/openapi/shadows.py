"""What is said of shadows."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field
from typing_extensions import TypedDict

from tools.openapi.answers import Count

Share = Annotated[float, Field(ge=0, le=1)]
Amount = Annotated[float, Field(ge=0)]


class Shadowed(TypedDict):
    """
    `rbo` is the mean rank-biased overlap (p = 0.9), `overlap_at_10` the mean share of documents among the first ten of
    both, `top_changed` the share of requests with another first document. Costs are in USD. What nobody knows is null.
    """

    alias: str
    model: str
    shadow: str
    compared: Count
    failed: Count
    rbo: Share | None
    overlap_at_10: Share | None
    top_changed: Share | None
    model_p50_ms: Amount | None
    model_p95_ms: Amount | None
    model_cost_per_1000: Amount | None
    shadow_p50_ms: Amount | None
    shadow_p95_ms: Amount | None
    shadow_cost_per_1000: Amount | None


class ShadowedDay(Shadowed):
    day: str


ShadowReport = TypedDict(
    "ShadowReport",
    {"object": Literal["list"], "from": str, "to": str, "data": list[ShadowedDay], "total": list[Shadowed]},
)
