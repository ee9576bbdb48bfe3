"""What the other routes say: jobs, models, health."""

from __future__ import annotations

from typing import Annotated, Literal, NotRequired

from pydantic import Field
from typing_extensions import TypedDict

from tools.openapi.answers import Moment, NativeAnswer
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


class Model(TypedDict):
    id: str
    object: Literal["model"]
    owned_by: str


class Models(TypedDict):
    object: Literal["list"]
    data: list[Model]


class Health(TypedDict):
    status: Literal["ok"]
