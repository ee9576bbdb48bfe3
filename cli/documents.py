"""The documents of a request: a file or standard input, as JSON or one a line."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from cli.errors import CommandError, ExitCode

STANDARD_INPUT = "-"


def read_documents(file: str) -> list[Any]:
    """
    The documents in *file*: a JSON list, an object a line (JSON Lines), or a text a line; blank lines are none. Raises
    CommandError.
    """
    text = _text(file)
    lines = [line for line in text.splitlines() if line.strip()]
    documents = _json_list(text) or _json_lines(lines) or lines
    if not documents:
        raise CommandError(f"{file} has no documents in it", ExitCode.USAGE)

    return documents


def _text(file: str) -> str:
    try:
        return sys.stdin.buffer.read().decode() if file == STANDARD_INPUT else Path(file).read_text("utf-8")
    except OSError as error:
        raise CommandError(f"{file} cannot be read: {error.strerror}", ExitCode.USAGE) from None
    except UnicodeDecodeError:
        raise CommandError(f"{file} is no UTF-8", ExitCode.USAGE) from None


def _json_list(text: str) -> list[Any] | None:
    try:
        found = json.loads(text)
    except ValueError:
        return None

    return found if isinstance(found, list) else None


def _json_lines(lines: list[str]) -> list[Any] | None:
    """The objects in *lines*; None where one is anything else: a text may look like JSON by chance."""
    try:
        found = [json.loads(line) for line in lines]
    except ValueError:
        return None

    return found if all(isinstance(document, dict) for document in found) else None
