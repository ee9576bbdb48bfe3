"""What the bodies that make and change keys and teams have in common."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal, TypeVar

from pydantic import AfterValidator, AwareDatetime, ConfigDict, Field, ValidationError
from pydantic_core import PydanticCustomError

from rerank_gateway.apis.shared.field_errors import TIME, to_invalid_request
from rerank_gateway.apis.shared.json_size import require_few_values
from rerank_gateway.apis.shared.request_fields import AS_INT, FIELD_NAME, Body, NotBlank
from rerank_gateway.domain.errors import InvalidRequest
from rerank_gateway.domain.management.records import Changes, Value
from rerank_gateway.domain.spending.limits import Limits, to_nanos

MAX_NAME_CHARS = 200
MAX_TEAM_CHARS = 64
MAX_PER_MINUTE = 1_000_000_000
MAX_LIMIT_USD = 1_000_000
REMOVABLE = {"team", "webhook", "requests_per_minute", "documents_per_minute", "limit", "limit_reset", "expires_at"}
"""Attributes that null takes away; for the others null says nothing."""


def _printable(value: str) -> str:
    """A name ends up on people's terminals."""
    if not value.isprintable():
        raise PydanticCustomError("printable", "must have printable characters only")

    return value


def _in_addresses(value: str) -> str:
    if not value.isascii() or not value.replace("-", "").replace("_", "").replace(".", "").isalnum():
        raise PydanticCustomError("team_name", "must have letters, digits, '-', '_' and '.' only")

    return value


def _in_reach(value: datetime) -> datetime:
    """Of a calendar that is told in every zone."""
    if not 1970 < value.year < 9999:
        raise PydanticCustomError("out_of_reach", TIME)

    return value


Moment = Annotated[AwareDatetime, AfterValidator(_in_reach)]
KeyName = Annotated[NotBlank, Field(max_length=MAX_NAME_CHARS), AfterValidator(_printable)]
TeamName = Annotated[str, Field(min_length=1, max_length=MAX_TEAM_CHARS), AfterValidator(_in_addresses)]
PerMinute = Annotated[int, Field(ge=1, le=MAX_PER_MINUTE), AS_INT]
Limit = Annotated[float, Field(ge=0, le=MAX_LIMIT_USD, allow_inf_nan=False)]


class ManagedBody(Body):
    # So says the OpenAPI document; here unknown fields are kept, to be named.
    model_config = ConfigDict(json_schema_extra={"additionalProperties": False})


class LimitFields(ManagedBody):
    """*limit* is in USD, for each period that *limit_reset* names, or once and for all."""

    requests_per_minute: PerMinute | None = None
    documents_per_minute: PerMinute | None = None
    limit: Limit | None = None
    limit_reset: Literal["daily", "weekly", "monthly"] | None = None


AnyBody = TypeVar("AnyBody", bound=Body)


def parse_known(kind: type[AnyBody], body: bytes) -> AnyBody:
    """
    Read *body* as JSON of *kind*. Raises InvalidRequest about the first field that is wrong, or TooLarge.

    Unlike in a request to rank nothing is read otherwise or left aside: a typo would be a limit that does not hold.
    """
    require_few_values(body)
    try:
        fields = kind.model_validate_json(body)
    except ValidationError as wrong:
        raise to_invalid_request(wrong.errors(include_url=False)[0]) from None
    for name in fields.model_extra or ():
        shown = name if FIELD_NAME.fullmatch(name) else "a field"
        raise InvalidRequest(f"{shown} is not known here{_meant(name, kind)}", param=shown)

    return fields


def to_limits(fields: LimitFields) -> Limits:
    return Limits(
        requests_per_minute=fields.requests_per_minute,
        documents_per_minute=fields.documents_per_minute,
        budget=None if fields.limit is None else to_nanos(fields.limit),
        reset=fields.limit_reset,
    )


def to_changes(fields: Body) -> Changes:
    """What *fields* says is to change."""
    said = {name: getattr(fields, name) for name in type(fields).model_fields if name in fields.model_fields_set}

    return {name: _value(value) for name, value in said.items() if value is not None or name in REMOVABLE}


def _value(value: Any) -> Value:
    match value:
        case list():
            return tuple(value)
        case None | bool() | int() | float() | str():
            return value

    # A moment.
    return float(value.timestamp())


def _meant(name: str, kind: type[Body]) -> str:
    from difflib import get_close_matches  # for those who mistype

    close = get_close_matches(name, kind.model_fields, 1)

    return f"; did you mean {close[0]}?" if close else ""
