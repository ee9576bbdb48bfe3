"""The tables of the gateway's configuration. A key that is not known here is an error, so that a typo is seen."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from rerank_gateway.domain.constraints import Terms
from rerank_gateway.domain.price import Price


class Table(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


class AliasTable(Table):
    targets: Annotated[list[str], Field(min_length=1)]
    last_resort: str | None = None
    hedge_after_ms: Annotated[int, Field(ge=1)] | None = None
    fuse: Literal["rrf"] | None = None
    max_tokens_per_doc: Annotated[int, Field(ge=1)] | None = None
    fuse_wait_ms: Annotated[int, Field(ge=1)] | None = None
    shadow: str | None = None
    shadow_share: Annotated[float, Field(ge=0, le=1)] | None = None


class ProviderTable(Table):
    """Beside these, the settings that the provider's description has, which are strings."""

    model_config = ConfigDict(extra="allow")
    __pydantic_extra__: dict[str, str] = Field(init=False)

    like: str | None = None
    url: Annotated[str, Field(pattern=r"^https?://[^/]")] | None = None
    max_documents: Annotated[int, Field(ge=1)] | None = None
    max_parallel: Annotated[int, Field(ge=1)] | None = None
    max_tokens_per_doc: Annotated[int, Field(ge=1)] | None = None
    scores: Literal["probability", "logit"] | None = None
    zdr: bool = False
    data_collection: Literal["allow", "deny"] | None = None
    distillable_text: bool = False
    quantizations: list[str] = Field(default_factory=list)

    @property
    def terms(self) -> Terms:
        """What is declared of the provider."""
        quantizations = tuple(name.lower() for name in self.quantizations)

        return Terms(self.zdr, self.data_collection == "deny", self.distillable_text, quantizations)


class PriceTable(Table):
    """What a model costs, in USD."""

    per_search: Annotated[float, Field(ge=0, allow_inf_nan=False)] = 0.0
    per_million_tokens: Annotated[float, Field(ge=0, allow_inf_nan=False)] = 0.0
    chunk_tokens: Annotated[int, Field(ge=1)] | None = None

    @property
    def price(self) -> Price:
        return Price(self.per_search, self.per_million_tokens, self.chunk_tokens)


class LimitsTable(Table):
    max_documents: Annotated[int, Field(ge=1)] = 10_000
