"""What the APIs' request bodies have in common: how a field is parsed, and the message about a wrong one."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, ValidationError
from pydantic_core import ErrorDetails, PydanticCustomError

from rerank_gateway.domain.errors import InvalidRequest
from rerank_gateway.domain.request import Truncate

MESSAGES = {
    "missing": "is required",
    "int_type": "must be an integer",
    "float_type": "must be a number",
    "bool_type": "must be true or false",
    "string_type": "must be a string",
    "list_type": "must be a list",
    "tuple_type": "must be a list",
    "dict_type": "must be an object",
    "model_type": "must be an object",
    "greater_than": "must be more than {gt:g}",
    "greater_than_equal": "must be at least {ge:g}",
    "less_than_equal": "must be at most {le:g}",
    "finite_number": "must be finite",
    "literal_error": "must be {expected}",
    "too_short": "must not be empty",
    "string_pattern_mismatch": "must not be blank",
    "too_long": "must have at most {max_length} entries",
}
REQUIRED_MESSAGES = {
    "model": "model is required",
    "query": "query is required for rerank",
    "documents": "documents are required for rerank",
    "input": "input is required for rerank",
    "texts": "texts are required for rerank",
}
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


def _lowercase(value: Any) -> Any:
    return value.lower() if isinstance(value, str) else value


NotBlank = Annotated[str, StringConstraints(pattern=r"\S")]
# Within the bounds: of those that an int has itself, pydantic makes `minimum` and `maximum` in a JSON schema.
AS_INT = BeforeValidator(_integral_float)
Int = Annotated[int, AS_INT]
# Vendors write their words in capitals, in lower case, or in both.
ANY_CASE = BeforeValidator(_lowercase)
AnyTruncate = Annotated[Truncate, ANY_CASE]
ModelName = Annotated[NotBlank, BeforeValidator(_name_of_model)]
AtLeastOne = Annotated[int, Field(ge=1), AS_INT]
Documents = Annotated[list[Annotated[Any, BeforeValidator(_object)]], Field(min_length=1)]
Texts = Annotated[list[str], Field(min_length=1)]


class RerankFields(Body):
    """What every request has."""

    model: NotBlank
    query: NotBlank


AnyBody = TypeVar("AnyBody", bound=Body)


def parse_body(kind: type[AnyBody], body: bytes) -> AnyBody:
    """Read *body* as JSON of *kind*. Raises InvalidRequest about the first field that is wrong."""
    try:
        return kind.model_validate_json(body)
    except ValidationError as wrong:
        # Without the cause: it quotes what the caller sent, and might end up in a log.
        raise _to_invalid_request(wrong.errors(include_url=False)[0]) from None


def _to_invalid_request(error: ErrorDetails) -> InvalidRequest:
    field = _path(error["loc"])
    if not field:
        return InvalidRequest(f"the body must be a JSON object: {_reason(error)}")
    if field in REQUIRED_MESSAGES and _is_missing(error):
        return InvalidRequest(REQUIRED_MESSAGES[field], param=field)

    return InvalidRequest(f"{field} {_reason(error)}", param=field)


def _is_missing(error: ErrorDetails) -> bool:
    return error["input"] is None or error["type"] in ("missing", "too_short", "string_pattern_mismatch")


def _reason(error: ErrorDetails) -> str:
    phrase = MESSAGES.get(error["type"])

    return phrase.format(**error.get("ctx", {})) if phrase else error["msg"]


def _path(location: tuple[int | str, ...]) -> str:
    """`("fallbacks", 0, "model")` as a person would write it: `fallbacks[0].model`."""
    steps = (f"[{step}]" if isinstance(step, int) else f".{step}" for step in location)

    return "".join(steps).lstrip(".")


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
