"""What can be changed in a statement."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tools.mutate.expressions import ARITHMETIC
from tools.mutate.source import Edit, Source

NEVER_RAISED = "FloatingPointError"
"""What Python knows and never raises, so that an `except` catches nothing."""


def returned(source: Source, node: ast.Return) -> Iterator[Edit]:
    # What is false stays false as None, and mostly nobody can tell them apart.
    if node.value is not None and not (isinstance(node.value, ast.Constant) and not node.value.value):
        yield source.replaced(node.value, "None")


def called(source: Source, node: ast.Expr) -> Iterator[Edit]:
    if isinstance(node.value, ast.Call):
        yield source.replaced(node, "pass")


def raised(source: Source, node: ast.Raise) -> Iterator[Edit]:
    yield source.replaced(node, "pass")


def caught(source: Source, node: ast.ExceptHandler) -> Iterator[Edit]:
    kinds = node.type.elts if isinstance(node.type, ast.Tuple) else [node.type]
    yield from (source.replaced(kind, NEVER_RAISED) for kind in kinds if kind is not None)


def augmented(source: Source, node: ast.AugAssign) -> Iterator[Edit]:
    if type(node.op) in ARITHMETIC:
        before, after = ARITHMETIC[type(node.op)]
        yield Edit(*source.words(f"{before}=", node.target, node.value), f"{after}=")


def defaults(source: Source, node: ast.FunctionDef) -> Iterator[Edit]:
    """Another value where a caller gives none. Numbers and truths change as they do elsewhere."""
    for default in (*node.args.defaults, *node.args.kw_defaults):
        match default:
            case None | ast.Constant(value=None | bool() | int() | float()):
                continue
            case ast.Constant(value=str(text)):
                yield source.replaced(default, repr(f"{text}?"))
            case _:
                yield source.replaced(default, "None")
