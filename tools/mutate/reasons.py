"""Why some mutants live: nobody can tell them from the original."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path

from tools.mutate.mutants import Mutant

FILE = Path(__file__).with_name("survivors.toml")

Key = tuple[str, str, str, str]


def reasons(text: str) -> Mapping[Key, str]:
    """What *text* says, by file, function and what stands in the lines before and after; lines may move."""
    said = tomllib.loads(text).get("survivor", [])

    return {(one["file"], one["function"], one["before"], one["after"]): one["reason"] for one in said}


def key_of(mutant: Mutant) -> Key:
    return mutant.path, mutant.place.function, *mutant.change
