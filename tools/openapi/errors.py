"""What an error looks like in each API."""

from __future__ import annotations

from typing import Annotated, Literal, NotRequired

from pydantic import ConfigDict, Field, with_config
from typing_extensions import TypedDict

from tools.openapi.answers import Attempt

Status = Annotated[int, Field(ge=400, le=599)]


@with_config(ConfigDict(extra="forbid"))
class EndpointError(TypedDict):
    """What API Gateway itself says when it did not get as far as a function, or got nothing from it."""

    message: str


class BifrostErrorBody(TypedDict):
    type: str
    code: str
    message: str
    event_id: str
    param: NotRequired[str]


class BifrostErrorExtra(TypedDict):
    request_type: Literal["rerank"]
    provider: NotRequired[str]
    model_requested: NotRequired[str]
    attempts: NotRequired[list[Attempt]]


class BifrostError(TypedDict):
    """Bifrost's envelope; `type` and `error.code` are the error's own name, `error.type` its family."""

    is_bifrost_error: Literal[False]
    event_id: str
    type: str
    status_code: Status
    error: BifrostErrorBody
    extra_fields: BifrostErrorExtra
    message: str
    detail: str


class CohereError(TypedDict):
    id: str
    message: str


class OpenRouterMetadata(TypedDict):
    provider_name: NotRequired[str]
    param: NotRequired[str]
    limit_source: NotRequired[Literal["key", "team"]]
    scope: NotRequired[Literal["key", "team"]]
    limit_usd: NotRequired[float]
    spend_usd: NotRequired[float]
    resets_at: NotRequired[str]


class OpenRouterErrorBody(TypedDict):
    code: Status
    message: str
    metadata: NotRequired[OpenRouterMetadata]


class OpenRouterError(TypedDict):
    error: OpenRouterErrorBody


class OrqErrorBody(TypedDict):
    code: None
    message: str
    param: str | None
    type: str


class OrqError(TypedDict):
    error: OrqErrorBody


class DetailError(TypedDict):
    detail: str


class CodedErrorBody(TypedDict):
    code: Status
    message: str
    type: str
    param: str | None


class CodedError(TypedDict):
    error: CodedErrorBody
    message: str
    detail: str


class InfinityError(TypedDict):
    error: CodedErrorBody


class DashScopeError(TypedDict):
    code: str
    message: str
    request_id: str


class DashScopeCompatibleErrorBody(TypedDict):
    code: str
    message: str
    type: str
    param: str | None


class DashScopeCompatibleError(TypedDict):
    error: DashScopeCompatibleErrorBody
    request_id: str


class WeaviateError(TypedDict):
    error: str


class TeiError(TypedDict):
    error: str
    error_type: Literal["Validation", "Backend", "Overloaded", "Unhealthy"]


class OpenAiErrorBody(TypedDict):
    """`code` is the error's own name, `type` its family."""

    message: str
    type: str
    param: str | None
    code: str


class OpenAiError(TypedDict):
    error: OpenAiErrorBody
