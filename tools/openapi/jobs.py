"""What the other routes say: jobs, models, health."""

from __future__ import annotations

from typing import Annotated, Literal, NotRequired

from pydantic import Field
from typing_extensions import TypedDict

from tools.openapi.answers import Attempt, Moment, NativeAnswer
from tools.openapi.errors import BifrostError


class UnfinishedJob(TypedDict):
    id: str
    status: Literal["pending", "processing"]
    created_at: Moment


class SubmittedJob(TypedDict):
    """Submitted twice with one Idempotency-Key, a job may be further on than `pending`."""

    id: str
    status: Literal["pending", "processing", "completed", "failed"]
    created_at: Moment


class FinishedJob(TypedDict):
    """A completed job has a `result`, a failed one an `error`: what the sync call would have answered."""

    id: str
    status: Literal["completed", "failed"]
    created_at: Moment
    completed_at: Moment
    expires_at: Moment
    status_code: Annotated[int, Field(ge=200, le=599)]
    result: NotRequired[NativeAnswer]
    error: NotRequired[BifrostError]


class ListedJob(TypedDict):
    """What it came to is told when it is polled."""

    id: str
    status: Literal["pending", "processing", "completed", "failed"]
    created_at: Moment
    completed_at: NotRequired[Moment]
    expires_at: NotRequired[Moment]
    status_code: NotRequired[Annotated[int, Field(ge=200, le=599)]]
    model: NotRequired[str]


class JobList(TypedDict):
    """`last_id` is for `after`; with a `status`, a page may have fewer jobs than wanted, and more behind them."""

    object: Literal["list"]
    data: list[ListedJob]
    has_more: bool
    first_id: str | None
    last_id: str | None


class Pricing(TypedDict):
    """In USD."""

    per_search: float
    per_million_tokens: float


class ModelLimits(TypedDict):
    """What one question to it may hold; the gateway splits and truncates what is more."""

    documents: NotRequired[int]
    bytes: NotRequired[int]
    characters_per_document: NotRequired[int]


class Model(TypedDict):
    """An alias has the *targets* behind it that can be asked, and the facts of the first of them."""

    id: str
    object: Literal["model"]
    model_type: Literal["rerank"]
    owned_by: str
    targets: NotRequired[list[str]]
    input_modalities: list[Literal["text", "image"]]
    pricing: NotRequired[Pricing]
    limits: NotRequired[ModelLimits]


class Models(TypedDict):
    object: Literal["list"]
    data: list[Model]


class OpenRouterArchitecture(TypedDict):
    modality: Literal["text->rerank", "text+image->rerank"]
    input_modalities: list[Literal["text", "image"]]
    output_modalities: list[Literal["rerank"]]


class OpenRouterTopProvider(TypedDict):
    context_length: int | None
    max_completion_tokens: None
    is_moderated: bool


class OpenRouterPricing(TypedDict):
    """Decimals, in USD for one token and one search; -1 where nobody knows."""

    prompt: str
    completion: str
    request: NotRequired[str]


class OpenRouterModelLinks(TypedDict):
    details: str


class OpenRouterModel(TypedDict):
    id: str
    canonical_slug: str
    name: str
    created: int
    architecture: OpenRouterArchitecture
    context_length: int | None
    top_provider: OpenRouterTopProvider
    pricing: OpenRouterPricing
    links: OpenRouterModelLinks
    per_request_limits: None
    supported_parameters: list[str]
    default_parameters: None
    supported_voices: None


class OpenRouterPage(TypedDict):
    next: str | None


class OpenRouterModels(TypedDict):
    data: list[OpenRouterModel]
    total_count: Annotated[int, Field(ge=0)]
    links: OpenRouterPage


class LastFailure(TypedDict):
    code: str
    seconds_ago: int


class TargetHealth(TypedDict):
    """`latency` is a mean in milliseconds, `open_for` in seconds; `probe` is what came of asking it just now."""

    target: str
    circuit: Literal["closed", "open"]
    failures: Annotated[int, Field(ge=0)]
    open_for: NotRequired[float]
    latency: NotRequired[int]
    last_failure: NotRequired[LastFailure]
    probe: NotRequired[Attempt]


class TargetHealths(TypedDict):
    object: Literal["list"]
    data: list[TargetHealth]


class Health(TypedDict):
    status: Literal["ok"]
    version: str


class Labels(TypedDict):
    id2label: dict[str, str]
    label2id: dict[str, int]


class RerankerType(TypedDict):
    reranker: Labels


class TeiInfo(TypedDict):
    """What Text Embeddings Inference says of a reranker."""

    model_id: str
    model_sha: None
    model_dtype: str
    model_type: RerankerType
    max_concurrent_requests: int
    max_input_length: int
    max_batch_tokens: int
    max_batch_requests: None
    max_client_batch_size: int
    auto_truncate: bool
    tokenization_workers: int
    version: str


class ClusterAuth(TypedDict):
    auth: Literal[True]


class WeaviateMeta(TypedDict):
    model: str
    version: str
