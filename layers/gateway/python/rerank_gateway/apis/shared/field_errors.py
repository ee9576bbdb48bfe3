"""The message about a field that is wrong."""

from __future__ import annotations

from pydantic_core import ErrorDetails

from rerank_gateway.domain.errors import InvalidRequest

MAX_STEP_CHARS = 100
"""Of a caller's own name in a path."""
TIME = "must be a time such as 2027-01-01T00:00:00Z"
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
    "greater_than": "must be more than {gt:.15g}",
    "greater_than_equal": "must be at least {ge:.15g}",
    "less_than_equal": "must be at most {le:.15g}",
    "finite_number": "must be finite",
    "literal_error": "must be {expected}",
    "enum": "must be {expected}",
    "too_short": "must not be empty",
    "string_pattern_mismatch": "must not be blank",
    "extra_forbidden": "is not known here",
    "too_long": "must have at most {max_length} entries",
    "string_too_long": "must have at most {max_length} characters",
    "datetime_type": TIME,
    "datetime_parsing": TIME,
    "datetime_from_date_parsing": TIME,
    "datetime_object_invalid": TIME,
    "timezone_aware": TIME,
}
REQUIRED_MESSAGES = {
    "model": "model is required",
    "query": "query is required for rerank",
    "documents": "documents are required for rerank",
    "input": "input is required for rerank",
    "texts": "texts are required for rerank",
}


def to_invalid_request(error: ErrorDetails) -> InvalidRequest:
    """What to tell the caller about *error*. It quotes nothing of the value."""
    field = _path(_location(error))
    if not field:
        return InvalidRequest(f"the body must be a JSON object: {_reason(error)}")
    if field in REQUIRED_MESSAGES and _is_missing(error):
        return InvalidRequest(REQUIRED_MESSAGES[field], param=field)

    return InvalidRequest(f"{field} {_reason(error)}", param=field)


def _location(error: ErrorDetails) -> tuple[int | str, ...]:
    """Where it is: of a list that was looked at as a whole, the error itself says at which index."""
    index = error.get("ctx", {}).get("index")

    return error["loc"] if index is None else (*error["loc"], index)


def _is_missing(error: ErrorDetails) -> bool:
    return error["input"] is None or error["type"] in ("missing", "too_short", "string_pattern_mismatch")


def _reason(error: ErrorDetails) -> str:
    phrase = MESSAGES.get(error["type"])

    return phrase.format(**error.get("ctx", {})) if phrase else error["msg"]


def _path(location: tuple[int | str, ...]) -> str:
    """`("fallbacks", 0, "model")` as a person would write it: `fallbacks[0].model`."""
    steps = (f"[{step}]" if isinstance(step, int) else f".{step[:MAX_STEP_CHARS]}" for step in location)

    return "".join(steps).lstrip(".")
