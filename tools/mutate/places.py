"""The places of a file where a mistake would matter: not its types, its docstrings or how it shows itself."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, replace

UNTOUCHED = {
    ast.AnnAssign: {"annotation"},
    ast.arg: {"annotation"},
    ast.FunctionDef: {"returns"},
    ast.JoinedStr: {"values"},  # before 3.12 Python does not say where the parts of an f-string stand
}
"""Fields that no mutant is made of."""
TYPES = {"TypeVar", "NewType", "cast", "dataclass"}
"""Calls that only say what something is, or ask Python to look harder."""
HARDER = {"repr", "strict"}
"""Keywords that guard against mistakes which are not there, or only change how something shows itself."""


@dataclass(frozen=True)
class Place:
    """
    In *function*, which may be a class, or nothing at the top. Tests that run a line from the *first* to the *last* may
    notice a mistake. What is done *early*, when the module is imported, others may notice too.
    """

    function: str
    first: int
    last: int
    early: bool

    def inside(self, node: ast.FunctionDef | ast.ClassDef) -> Place:
        name = f"{self.function}.{node.name}" if self.function else node.name

        return Place(name, node.lineno, node.end_lineno or node.lineno, True)

    def at(self, node: ast.AST) -> Place:
        """The same function, at the statement *node*, of which only the head counts if it has a body."""
        if self.early or not isinstance(node, ast.stmt | ast.ExceptHandler):
            return self
        body = getattr(node, "body", None)
        last = max(node.lineno, body[0].lineno - 1) if body else node.end_lineno or node.lineno

        return replace(self, first=node.lineno, last=last)


def whole(tree: ast.Module) -> Place:
    """The top of a file."""
    return Place("", 1, max((node.end_lineno or 1 for node in tree.body), default=1), True)


def parts(node: ast.AST, place: Place) -> Iterator[tuple[ast.AST, Place]]:
    """What *node* is made of, each at its place."""
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        place = place.inside(node)
    for name, value in ast.iter_fields(node):
        if name in UNTOUCHED.get(type(node), ()):
            continue
        early = place.early and not (name == "body" and isinstance(node, ast.FunctionDef | ast.Lambda))
        for part in value if isinstance(value, list) else [value]:
            if isinstance(part, ast.AST) and _matters(node, part):
                yield part, replace(place, early=early).at(part)


def _matters(node: ast.AST, part: ast.AST) -> bool:
    match node, part:
        case _, ast.FunctionDef(name="__repr__"):
            return False
        case _, ast.If(test=ast.Name(id="TYPE_CHECKING") | ast.Attribute(attr="TYPE_CHECKING")):
            return False
        case _, ast.Call(func=ast.Name(id=name)) if name in TYPES:
            return False
        case ast.Call(), ast.keyword(arg=name) if name in HARDER:
            return False
        case _, ast.Subscript(value=ast.Name(id=name)) if _names_type(name):
            return False

    return True


def _names_type(name: str) -> bool:
    return name[0].isupper() and not name.isupper()
