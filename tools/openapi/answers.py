"""What a success looks like in each API. A key that may be absent is never null."""

from __future__ import annotations

from typing import Annotated, Any, Literal, NotRequired

from pydantic import Field
from typing_extensions import TypedDict

Count = Annotated[int, Field(ge=0)]
Moment = Annotated[str, Field(json_schema_extra={"format": "date-time"})]


class Tokens(TypedDict):
    prompt_tokens: Count
    completion_tokens: Count
    total_tokens: Count


class Usage(Tokens):
    search_units: NotRequired[Count]
    cost: NotRequired[float]


class BilledUnits(TypedDict):
    search_units: Count
    total_tokens: NotRequired[Count]


class ApiVersion(TypedDict):
    version: str


class Attempt(TypedDict):
    """One try at one target; `latency` is in milliseconds. One that was `skipped` has no status, but a reason."""

    target: str
    latency: Count
    status_code: NotRequired[int]
    error: NotRequired[str]
    skipped: NotRequired[str]
    parts: NotRequired[Annotated[int, Field(ge=2)]]


class Result(TypedDict):
    index: Count
    relevance_score: float
    document: NotRequired[dict[str, Any]]


class TextResult(TypedDict):
    index: Count
    relevance_score: float
    document: NotRequired[str]


class NativeMeta(TypedDict):
    api_version: ApiVersion
    billed_units: BilledUnits


class NativeExtra(TypedDict):
    request_type: Literal["rerank"]
    provider: str
    model_requested: str
    latency: Count
    chunk_index: Count
    cache_hit: bool
    scores: Literal["probability", "logit", "normalized", "rrf"]
    attempts: list[Attempt]
    truncated: NotRequired[Literal[True]]
    degraded: NotRequired[list[Literal["last_resort", "fallback", "truncated"]]]
    warnings: NotRequired[list[str]]


class NativeAnswer(TypedDict):
    id: str
    object: Literal["list"]
    model: str
    results: list[Result]
    usage: Usage
    meta: NativeMeta
    extra_fields: NativeExtra


class CohereTokens(TypedDict):
    input_tokens: Count
    output_tokens: Count


class CohereMeta(TypedDict):
    api_version: ApiVersion
    billed_units: BilledUnits
    tokens: CohereTokens


class CohereAnswer(TypedDict):
    id: str
    results: list[Result]
    meta: CohereMeta


class DocumentResult(TypedDict):
    index: Count
    relevance_score: float
    document: dict[str, Any]


class OpenRouterAnswer(TypedDict):
    id: str
    model: str
    provider: str
    results: list[DocumentResult]
    usage: Usage


class OrqResult(Result):
    object: Literal["rerank"]


class OrqAnswer(TypedDict):
    id: str
    object: Literal["list"]
    model: str
    results: list[OrqResult]
    usage: Usage


class VoyageAnswer(TypedDict):
    object: Literal["list"]
    data: list[TextResult]
    model: str
    usage: Tokens


class InputResult(TypedDict):
    index: Count
    score: float
    input: NotRequired[str | dict[str, Any]]


class MixedbreadAnswer(TypedDict):
    object: Literal["list"]
    model: str
    data: list[InputResult]
    usage: Tokens
    top_k: Annotated[int, Field(ge=1)]
    return_input: bool


class ScoredDocument(TypedDict):
    index: Count
    score: float
    document: NotRequired[dict[str, Any]]


class RerankUnits(TypedDict):
    rerank_units: Count


class PineconeAnswer(TypedDict):
    model: str
    data: list[ScoredDocument]
    usage: RerankUnits


class InfinityAnswer(TypedDict):
    object: Literal["rerank"]
    id: str
    model: str
    created: Count
    results: list[TextResult]
    usage: Tokens


class RankedPassage(TypedDict):
    index: Count
    logit: float


class PromptTokens(TypedDict):
    prompt_tokens: Count
    total_tokens: Count


class NimAnswer(TypedDict):
    rankings: list[RankedPassage]
    usage: PromptTokens


class Score(TypedDict):
    index: Count
    object: Literal["score"]
    score: float


class ScoreAnswer(TypedDict):
    """The scores are in the order of the texts."""

    id: str
    object: Literal["list"]
    created: Count
    model: str
    data: list[Score]
    usage: Tokens


class Results(TypedDict):
    results: list[Result]


class TotalTokens(TypedDict):
    total_tokens: Count


class DashScopeAnswer(TypedDict):
    output: Results
    usage: TotalTokens
    request_id: str


class DashScopeCompatibleAnswer(TypedDict):
    object: Literal["list"]
    id: str
    model: str
    results: list[Result]
    usage: TotalTokens


class DocumentScore(TypedDict):
    document: str
    score: float


class WeaviateAnswer(TypedDict):
    """The scores are in the order of the documents."""

    query: str
    scores: list[DocumentScore]


class TeiResult(TypedDict):
    index: Count
    score: float
    text: NotRequired[str]


TeiAnswer = list[TeiResult]
