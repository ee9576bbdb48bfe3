"""What pydantic says of a configuration, in words that help to mend it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from pydantic_core import ErrorDetails

from rerank_gateway.entry.config.config import Config
from rerank_gateway.entry.config.faults import Fault, Place
from rerank_gateway.entry.config.vocabulary import TABLES, table_of, unknown_key

MAX_VALUE_CHARS = 20
KINDS = {
    "string_type": 'a text in quotes, such as "…"',
    "int_type": "a whole number without quotes",
    "float_type": "a number without quotes",
    "bool_type": "true or false, without quotes",
    "list_type": 'a list, such as ["…", "…"]',
    "dict_type": "a table",
    "model_type": "a table",
}


def to_fault(error: ErrorDetails) -> Fault:
    """One of pydantic's errors, in ours."""
    place = tuple(each for each in error["loc"] if each != "[key]")
    explain = EXPLANATIONS.get(error["type"], _other)
    # A word in a list has its line by itself.
    where = (*place[:-1], error["input"]) if isinstance(place[-1], int) and isinstance(error["input"], str) else place

    return Fault(where, explain(place, error))


def _extra(place: Place, _: ErrorDetails) -> str:
    return unknown_key(place, TABLES.get(_kind(place), Config.model_fields))


def _missing(place: Place, _: ErrorDetails) -> str:
    return f"{table_of(place)} lacks {place[-1]}, which it must have"


def _range(place: Place, error: ErrorDetails) -> str:
    least = error["ctx"]["ge"] if "ge" in error["ctx"] else error["ctx"].get("gt")
    bound = f"at most {error['ctx']['le']:g}" if "le" in error["ctx"] else f"at least {least:g}"

    return f"{_name(place)} is {_shown(error['input'])}, but must be {bound}"


def _choice(place: Place, error: ErrorDetails) -> str:
    return (
        f"{_name(place)} is {_shown(error['input'])}, but must be {error['ctx']['expected'].replace(chr(39), chr(34))}"
    )


def _empty(place: Place, _: ErrorDetails) -> str:
    return f"{_name(place)} is empty: it needs one at least"


def _url(place: Place, _: ErrorDetails) -> str:
    return f'{_name(place)} must begin with http:// or https://, such as "https://rerank.internal:8000"'


def _other(place: Place, error: ErrorDetails) -> str:
    kind = KINDS.get(error["type"])
    if kind == "a table":
        return f"{_name(place)} must be a table: write [{'.'.join(map(str, place))}], and its keys below"

    return (
        f"{_name(place)} is {_shown(error['input'])}, but must be {kind}" if kind else f"{_name(place)}: {error['msg']}"
    )


EXPLANATIONS: Mapping[str, Callable[[Place, ErrorDetails], str]] = {
    "extra_forbidden": _extra,
    "missing": _missing,
    "greater_than_equal": _range,
    "greater_than": _range,
    "less_than_equal": _range,
    "literal_error": _choice,
    "too_short": _empty,
    "string_pattern_mismatch": _url,
}


def _kind(place: Place) -> str:
    """How TABLES calls the table that the last key of *place* is in."""
    return f"[{place[0]}.NAME]" if len(place) > 2 else f"[{place[0]}]" if len(place) > 1 else ""


def _name(place: Place) -> str:
    key = f"{place[-2]}[{place[-1]}]" if isinstance(place[-1], int) and len(place) > 1 else str(place[-1])
    outer = place[:-2] if isinstance(place[-1], int) else place[:-1]

    return f"{key} in [{'.'.join(map(str, outer))}]" if outer else key


def _shown(value: Any) -> str:
    """*value*, unless it might be a secret in the wrong place."""
    if isinstance(value, str):
        return f'"{value}"' if len(value) <= MAX_VALUE_CHARS else "a text"

    return {True: "true", False: "false"}[value] if isinstance(value, bool) else _number(value)


def _number(value: Any) -> str:
    return str(value) if isinstance(value, int | float) else "a list" if isinstance(value, list) else "a table"
