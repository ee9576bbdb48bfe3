"""What the APIs' request bodies have in common: how a field is parsed, and the message about a wrong one."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Annotated, Any, TypeVar

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
)
from pydantic_core import PydanticCustomError

from rerank_gateway.apis.shared.field_errors import to_invalid_request
from rerank_gateway.apis.shared.json_size import require_few_values
from rerank_gateway.domain.request import Truncate

MAX_NAME_CHARS = 500
"""Of models, users, providers and the like: they stand in caches, log lines, errors and items."""
MAX_METADATA = 100
FIELD_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]{0,63}")


class Body(BaseModel):
    """A JSON object from a stranger. Unknown fields are kept apart, so that they can be named."""

    model_config = ConfigDict(strict=True, extra="allow")

    def without_effect(self) -> Iterator[str]:
        """The names of known fields whose values mean nothing here."""
        yield from ()


def _integral_float(value: Any) -> Any:
    """Some clients have floats where integers are meant."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _name_of_model(value: Any) -> Any:
    """A model is named by a string or by an object that holds it, and perhaps its provider apart."""
    if not isinstance(value, Mapping):
        return value
    provider, model = value.get("provider"), value.get("model")
    if provider is None or not isinstance(model, str):
        return model

    return f"{provider}/{model}" if isinstance(provider, str) else provider


def _object(value: Any) -> Any:
    if not isinstance(value, str | Mapping):
        raise PydanticCustomError("document_type", "must be a string or an object")

    return value


def _short_names(value: dict[str, Any]) -> dict[str, Any]:
    if len(value) > MAX_METADATA or any(len(name) > MAX_NAME_CHARS for name in value):
        raise PydanticCustomError("metadata", "must have at most 100 names of at most 500 characters")

    return value


def _lowercase(value: Any) -> Any:
    return value.lower() if isinstance(value, str) else value


NotBlank = Annotated[str, StringConstraints(pattern=r"\S")]
Name = Annotated[NotBlank, StringConstraints(max_length=MAX_NAME_CHARS)]
# Within the bounds: of those that an int has itself, pydantic makes `minimum` and `maximum` in a JSON schema.
AS_INT = BeforeValidator(_integral_float)
Int = Annotated[int, AS_INT]
# Vendors write their words in capitals, in lower case, or in both.
ANY_CASE = BeforeValidator(_lowercase)
AnyTruncate = Annotated[Truncate, ANY_CASE]
ModelName = Annotated[Name, BeforeValidator(_name_of_model)]
AtLeastOne = Annotated[int, Field(ge=1), AS_INT]
# A list stops at its first wrong element: an error for each of a million would take a gigabyte.
Documents = Annotated[list[Annotated[Any, BeforeValidator(_object)]], Field(min_length=1, fail_fast=True)]
Texts = Annotated[list[str], Field(min_length=1, fail_fast=True)]
ShortText = Annotated[str, StringConstraints(max_length=MAX_NAME_CHARS)]
Metadata = Annotated[dict[str, Any], AfterValidator(_short_names)]
RankFields = Annotated[list[Name], Field(max_length=100, fail_fast=True)]


class RerankFields(Body):
    """What every request has."""

    model: Name
    query: NotBlank


AnyBody = TypeVar("AnyBody", bound=Body)


def parse_body(kind: type[AnyBody], body: bytes) -> AnyBody:
    """Read *body* as JSON of *kind*. Raises InvalidRequest about the first field that is wrong, or TooLarge."""
    require_few_values(body)
    try:
        return kind.model_validate_json(body)
    except ValidationError as wrong:
        # Without the cause: it quotes what the caller sent, and might end up in a log.
        raise to_invalid_request(wrong.errors(include_url=False)[0]) from None


def unknown_fields(body: Body, path: str = "") -> Iterator[str]:
    """The names of the fields in *body*, and in the objects in it, that have no effect; null is no field."""
    yield from (f"{path}{name}" for name in body.without_effect())
    for name, value in (body.model_extra or {}).items():
        if value is not None:
            # The names end up in a header, which not every character may be in.
            yield f"{path}{name}" if FIELD_NAME.fullmatch(name) else f"{path}?"
    for name in body.model_fields_set:
        if isinstance(value := getattr(body, name, None), Body):
            yield from unknown_fields(value, f"{path}{name}.")
