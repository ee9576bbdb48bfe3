"""Every mistake in a configuration at once, each with its line."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import replace
from typing import Any

from pydantic import ValidationError

from rerank_gateway.entry.config.catalogue import Catalogue
from rerank_gateway.entry.config.config import Config
from rerank_gateway.entry.config.faults import Fault, Place
from rerank_gateway.entry.config.places import line_of
from rerank_gateway.entry.config.references import References
from rerank_gateway.entry.config.shape import to_fault

SYNTAX_PLACE = re.compile(r" ?\(at (?:line (\d+), column \d+|end of document)\)")
SYNTAX_ADVICE = (
    (re.compile(r"^\s*\[[^\]\"]*\s[^\]\"]*\]"), 'a name with a space stands in quotes, such as [aliases."fast one"]'),
    (re.compile(r"=\s*\[?\s*[A-Za-z]"), 'texts stand in quotes, such as "cohere/rerank-v3.5"'),
)


def find_faults(text: str, catalogue: Catalogue) -> list[Fault]:
    """All that is wrong in the configuration *text*, from its top to its end; every fault has its line."""
    try:
        tables = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        return [_syntax_fault(text, str(error))]
    faults = [*_shape_faults(tables), *References(_sound_part(tables), catalogue).faults()]
    with_lines = [replace(fault, line=line_of(text, fault.place)) for fault in faults]

    return sorted(dict.fromkeys(with_lines), key=lambda fault: fault.line or 0)


def _syntax_fault(text: str, error: str) -> Fault:
    lines = text.splitlines() or [""]
    found = SYNTAX_PLACE.search(error)
    number = int(found[1]) if found and found[1] else len(lines)
    line = lines[min(number, len(lines)) - 1]
    hint = next((f": {advice}" for pattern, advice in SYNTAX_ADVICE if pattern.search(line)), "")

    return Fault((), f"this is no TOML: {SYNTAX_PLACE.sub('', error)}{hint}", number)


def _shape_faults(tables: Mapping[str, Any]) -> list[Fault]:
    try:
        Config.model_validate(tables)
    except ValidationError as error:
        errors = error.errors(include_url=False)
        misspelt = {each["loc"][:-1] for each in errors if each["type"] == "extra_forbidden"}
        # A key that is misspelt is not missing too.
        return [to_fault(each) for each in errors if each["type"] != "missing" or each["loc"][:-1] not in misspelt]

    return []


def _sound_part(tables: Mapping[str, Any]) -> Config:
    """What is left of *tables* without what is wrong: its names are looked up all the same."""
    sound = deepcopy(dict(tables))
    while True:
        try:
            return Config.model_validate(sound)
        except ValidationError as error:
            for each in error.errors(include_url=False):
                # Where a key is missing, its table goes.
                _remove(sound, each["loc"][:-1] if each["type"] == "missing" else each["loc"])


def _remove(tables: Any, place: Place) -> None:
    """Take out what is at *place*, or the list that it is in; it may be gone already."""
    *outer, last = [key for key in place if isinstance(key, str)]
    for key in outer:
        tables = tables.get(key, {})
    tables.pop(last, None)
