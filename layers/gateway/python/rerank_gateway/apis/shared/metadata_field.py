"""`metadata`, which is the caller's own, or what a model is told beside each document."""

from __future__ import annotations

from typing import Any

from pydantic_core import PydanticCustomError

from rerank_gateway.domain.errors import InvalidRequest

MAX_NAME_CHARS = 500
MAX_METADATA = 100


def metadata(value: Any) -> Any:
    """*value*, an object, or a list of strings as Contextual's clients send it. Raises PydanticCustomError."""
    if isinstance(value, dict):
        if len(value) > MAX_METADATA or any(len(name) > MAX_NAME_CHARS for name in value):
            raise PydanticCustomError("metadata", "must have at most 100 names of at most 500 characters")
    elif not isinstance(value, list) or any(type(each) is not str for each in value):
        raise PydanticCustomError("metadata", "must be an object, or a list of strings, one for each document")

    return value


def to_metadata(value: Any, documents: int) -> dict[str, Any]:
    """The request's fields for *value*, where there are so many *documents*. Raises InvalidRequest."""
    if not isinstance(value, list):
        return {"metadata": value or {}}
    if len(value) != documents:
        raise InvalidRequest(f"metadata must have a string for each of the {documents} documents", param="metadata")

    return {"document_metadata": tuple(value)}
