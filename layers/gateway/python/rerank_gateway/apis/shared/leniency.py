"""
What clients send that is not what an API says, but can mean one thing only. Only bodies that a strict reading has
refused come here, and each reading is noted for the caller.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from pydantic_core import ErrorDetails, from_json, to_json

from rerank_gateway.apis.shared.field_errors import to_invalid_request
from rerank_gateway.domain.errors import InvalidRequest

WHOLE_NUMBER = re.compile(r"-?[0-9]{1,15}")
DECIMAL = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,15})?")
MODEL = ("model",)
BOOLEANS = {"true": True, "false": False}
Reading = tuple[Any, str]
"""A value, and what it was taken for."""


def read_otherwise(body: bytes, errors: Sequence[ErrorDetails], notes: list[str]) -> bytes:
    """
    *body* without its *errors*, each of which is added to *notes*. Raises InvalidRequest about the first of them that
    does not tell what was meant.
    """
    readings = [_read(error, errors[0]) for error in errors]
    fields = from_json(body)
    for error, (value, note) in zip(errors, readings, strict=True):
        _replace(fields, error["loc"], value)
        notes.append(note)

    return to_json(fields, inf_nan_mode="constants")


def _read(error: ErrorDetails, first: ErrorDetails) -> Reading:
    """
    What was meant by the value that *error* is about. Raises InvalidRequest where that could be anything; about a model
    that is missing before all else, if that comes *first*.
    """
    reader = READERS.get(error["type"]) if error["loc"] else None
    reading = reader(error["loc"], error["input"]) if reader else None
    if reading is None:
        raise to_invalid_request(first if first["loc"] == MODEL else error)

    return reading


def _replace(fields: Any, location: tuple[int | str, ...], value: Any) -> None:
    *path, last = location
    for step in path:
        fields = fields[step]
    fields[last] = value
    if location == ("documents",):
        fields.pop("texts", None)


def _boolean(location: tuple[int | str, ...], value: Any) -> Reading | None:
    read = BOOLEANS.get(value.lower()) if isinstance(value, str) else None

    return None if read is None else (read, f"{_name(location)} as a boolean")


def _integer(location: tuple[int | str, ...], value: Any) -> Reading | None:
    matches = isinstance(value, str) and WHOLE_NUMBER.fullmatch(value)

    return (int(value), f"{_name(location)} as an integer") if matches else None


def _number(location: tuple[int | str, ...], value: Any) -> Reading | None:
    matches = isinstance(value, str) and DECIMAL.fullmatch(value)

    return (float(value), f"{_name(location)} as a number") if matches else None


def _query(location: tuple[int | str, ...], value: Any) -> Reading | None:
    if location != ("query",) or not isinstance(value, Mapping):
        return None
    if value.get("image") is not None:
        raise InvalidRequest("query must be a text: no model here is asked by an image", param="query")
    text = value.get("text")

    return (text, "query.text as query") if isinstance(text, str) else None


def _documents(location: tuple[int | str, ...], value: Any) -> Reading | None:
    """VLLM's `documents: {"content": [part, …]}`, in which each part is a document."""
    parts = value.get("content") if location == ("documents",) and isinstance(value, Mapping) else None

    return ([{"content": [part]} for part in parts], "documents.content as documents") if parts else None


def _missing(location: tuple[int | str, ...], value: Any) -> Reading | None:
    """
    No model, which some APIs can do without, and Text Embeddings Inference's word for documents. *value* is all of the
    body.
    """
    if location == MODEL:
        return None, "default as model"
    if location != ("documents",) or not isinstance(value, Mapping) or not isinstance(value.get("texts"), list):
        return None

    return value["texts"], "texts as documents"


def _name(location: tuple[int | str, ...]) -> str:
    return ".".join(map(str, location))


READERS: Mapping[str, Callable[[tuple[int | str, ...], Any], Reading | None]] = {
    "bool_type": _boolean,
    "int_type": _integer,
    "float_type": _number,
    "string_type": _query,
    "list_type": _documents,
    "missing": _missing,
}
"""By pydantic's name for what is wrong."""
