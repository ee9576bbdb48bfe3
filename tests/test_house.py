"""The house's own rules of size: a file is one idea, a function one thought."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "layers/gateway/python/rerank_gateway"
COMMANDS = ROOT / "cli/commands"
FILES = sorted(path for room in (PACKAGE, ROOT / "functions", ROOT / "cli") for path in room.rglob("*.py"))
MAX_FILE_LINES = 150
MAX_BODY_LINES = 20
MAX_ARGUMENTS = 4
MAX_OPTIONS = 13

Function = ast.FunctionDef | ast.AsyncFunctionDef


def functions_of(path: Path) -> Iterator[Function]:
    return (node for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, Function))


def body_lines(function: Function) -> int:
    """The lines of its body, without the docstring."""
    body = function.body[1:] if ast.get_docstring(function) is not None else function.body

    return body[-1].end_lineno - body[0].lineno + 1 if body and body[-1].end_lineno else 0


def arguments(function: Function) -> int:
    """How many it takes beside `self` or `cls`."""
    given = function.args
    named = [argument.arg for argument in (*given.posonlyargs, *given.args, *given.kwonlyargs)]

    return len([name for name in named if name not in ("self", "cls")])


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_files_and_functions_are_small(path: Path) -> None:
    """
    No file has more than 150 lines, no function a body of more than 20 or more than four arguments. A command of the
    command line has as many as it has options.
    """
    functions = list(functions_of(path))
    most = MAX_OPTIONS if path.parent == COMMANDS else MAX_ARGUMENTS

    assert len(path.read_text("utf-8").splitlines()) <= MAX_FILE_LINES
    assert [f.name for f in functions if body_lines(f) > MAX_BODY_LINES] == []
    assert [f.name for f in functions if arguments(f) > most] == []
