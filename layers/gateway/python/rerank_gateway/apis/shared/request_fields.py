"""What the APIs' request bodies have in common: how a field is parsed, and the message about a wrong one."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated, Any, ClassVar, TypeVar

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
)
from pydantic_core import ErrorDetails

from rerank_gateway.apis.shared.document_fields import documents, string_documents
from rerank_gateway.apis.shared.field_errors import to_invalid_request
from rerank_gateway.apis.shared.json_size import require_few_values
from rerank_gateway.apis.shared.metadata_field import metadata
from rerank_gateway.domain.request import Truncate

MAX_NAME_CHARS = 500
"""Of models, users, providers and the like: they stand in caches, log lines, errors and items."""
MAX_WARNINGS = 20
"""Names after which a warning says no more."""
FIELD_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]{0,63}")


class Body(BaseModel):
    """A JSON object from a stranger. Fields that are unknown, or were read otherwise, are kept to be named."""

    model_config = ConfigDict(strict=True, extra="allow")
    # Not pydantic's own kind of private attribute, which takes longer to make than all the rest of a small body.
    _read: ClassVar[Sequence[str]] = ()

    def without_effect(self) -> Iterator[str]:
        """The names of known fields whose values mean nothing here."""
        yield from ()

    def note(self, read: str) -> None:
        """Have the caller told of what was *read* otherwise."""
        vars(self)["_read"] = list(dict.fromkeys((*self._read, read)))


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
# The list as a whole, in one look at it. A body has `rank_fields` before its documents, which are read by them.
Documents = Annotated[list[Any], Field(min_length=1), AfterValidator(documents)]
Texts = Annotated[list[Any], Field(min_length=1), AfterValidator(string_documents)]
ShortText = Annotated[str, StringConstraints(max_length=MAX_NAME_CHARS)]
Metadata = Annotated[Any, AfterValidator(metadata)]
RankFields = Annotated[list[Name], Field(max_length=100, fail_fast=True)]


class RerankFields(Body):
    """What every request has."""

    model: Name
    query: NotBlank


AnyBody = TypeVar("AnyBody", bound=Body)


def parse_body(kind: type[AnyBody], body: bytes) -> AnyBody:
    """
    Read *body* as JSON of *kind*: as it stands, or else what it can only mean. Raises InvalidRequest about the first
    field that is wrong, or TooLarge.
    """
    require_few_values(body)
    notes: list[str] = []
    fields = _parsed(kind, body, notes)
    if isinstance(fields, list):
        from rerank_gateway.apis.shared.leniency import read_otherwise  # for those who need it

        fields = _parsed(kind, read_otherwise(body, fields, notes), notes)
        if isinstance(fields, list):
            raise to_invalid_request(fields[0])
    for read in notes:
        fields.note(read)

    return fields


def _parsed(kind: type[AnyBody], body: bytes, notes: list[str]) -> AnyBody | list[ErrorDetails]:
    """*body*, or what is wrong with it: the exception itself quotes what the caller sent, and might end up in a log."""
    try:
        return kind.model_validate_json(body, context=notes)
    except ValidationError as wrong:
        return wrong.errors(include_url=False)


def field_warnings(body: Body) -> list[str]:
    """What the caller should know of *body*: fields that have no effect, and those that were read otherwise."""
    found = (("ignored", list(_ignored(body))), ("read", list(body._read)))

    return [f"{what}: " + ", ".join(names[:MAX_WARNINGS]) for what, names in found if names]


def _ignored(body: Body, path: str = "") -> Iterator[str]:
    """The names of the fields in *body*, and in the objects in it, that have no effect; null is no field."""
    yield from (f"{path}{name}" for name in body.without_effect())
    for name, value in (body.model_extra or {}).items():
        if value is not None:
            # The names end up in a header, which not every character may be in.
            yield f"{path}{name}" if FIELD_NAME.fullmatch(name) else f"{path}?"
    for name in body.model_fields_set:
        if isinstance(value := getattr(body, name, None), Body):
            yield from _ignored(value, f"{path}{name}.")
