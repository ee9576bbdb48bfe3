"""What can be changed in an expression."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

from tools.mutate.source import Edit, Source

COMPARISONS: Mapping[type[ast.cmpop], tuple[str, Sequence[str]]] = {
    ast.Lt: ("<", ("<=", ">=")),
    ast.LtE: ("<=", ("<", ">")),
    ast.Gt: (">", (">=", "<=")),
    ast.GtE: (">=", (">", "<")),
    ast.Eq: ("==", ("!=",)),
    ast.NotEq: ("!=", ("==",)),
    ast.Is: ("is", ("is not",)),
    ast.IsNot: ("is not", ("is",)),
    ast.In: ("in", ("not in",)),
    ast.NotIn: ("not in", ("in",)),
}
ARITHMETIC: Mapping[type[ast.operator], tuple[str, str]] = {
    ast.Add: ("+", "-"),
    ast.Sub: ("-", "+"),
    ast.Mult: ("*", "/"),
    ast.Div: ("/", "*"),
    ast.FloorDiv: ("//", "*"),
    ast.Mod: ("%", "*"),
}
EXTREMES = {"min": "max", "max": "min"}
LOOKUPS = ("get", "pop", "setdefault")
STRINGY = (ast.JoinedStr, ast.List, ast.Tuple, ast.ListComp)


def comparison(source: Source, node: ast.Compare) -> Iterator[Edit]:
    for (left, right), op in zip(pairwise([node.left, *node.comparators]), node.ops, strict=True):
        words, others = COMPARISONS[type(op)]
        start, end = source.words(words, left, right)
        yield from (Edit(start, end, other) for other in others)


def connective(source: Source, node: ast.BoolOp) -> Iterator[Edit]:
    before, after = ("and", "or") if isinstance(node.op, ast.And) else ("or", "and")
    for left, right in pairwise(node.values):
        yield Edit(*source.words(before, left, right), after)


def negation(source: Source, node: ast.UnaryOp) -> Iterator[Edit]:
    if isinstance(node.op, ast.Not):
        start, _ = source.span(node)
        yield Edit(start, start + len("not "), "")


def condition(source: Source, node: ast.If | ast.While | ast.IfExp) -> Iterator[Edit]:
    yield from _negated(source, node.test)


def conditions(source: Source, node: ast.comprehension) -> Iterator[Edit]:
    for test in node.ifs:
        yield from _negated(source, test)


def arithmetic(source: Source, node: ast.BinOp) -> Iterator[Edit]:
    if type(node.op) in ARITHMETIC and not _is_stringy(node.left) and not _is_stringy(node.right):
        before, after = ARITHMETIC[type(node.op)]
        yield Edit(*source.words(before, node.left, node.right), after)


def call(source: Source, node: ast.Call) -> Iterator[Edit]:
    """The smallest for the largest, and other keys where something is looked up."""
    match node.func:
        case ast.Name(id="min" | "max"):
            yield source.replaced(node.func, EXTREMES[node.func.id])
        case ast.Attribute(attr=attr) if attr in LOOKUPS and node.args:
            yield from _key(source, node.args[0])


def subscript(source: Source, node: ast.Subscript) -> Iterator[Edit]:
    yield from _key(source, node.slice)


def keys(source: Source, node: ast.Dict) -> Iterator[Edit]:
    for key in node.keys:
        if key is not None:
            yield from _key(source, key)


def constant(source: Source, node: ast.Constant) -> Iterator[Edit]:
    if isinstance(node.value, bool):
        yield source.replaced(node, repr(not node.value))
    elif isinstance(node.value, int | float):
        others = {node.value + 1, node.value * 2, type(node.value)(0)} - {node.value}
        yield from (source.replaced(node, repr(other)) for other in sorted(others))


def _negated(source: Source, test: ast.expr) -> Iterator[Edit]:
    # The rest is negated by another operator, or by one `not` less.
    if not isinstance(test, ast.UnaryOp | ast.Compare):
        yield source.replaced(test, f"not ({source.text(test)})")


def _key(source: Source, node: ast.expr) -> Iterator[Edit]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield source.replaced(node, repr(f"{node.value}?"))


def _is_stringy(node: ast.expr) -> bool:
    return isinstance(node, STRINGY) or (isinstance(node, ast.Constant) and isinstance(node.value, str | bytes))
