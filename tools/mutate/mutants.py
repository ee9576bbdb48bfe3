"""Every mutant of a file: the file with one small mistake."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from tools.mutate import expressions, statements
from tools.mutate.places import Place, parts, whole
from tools.mutate.source import Edit, Source

MISTAKES: Mapping[type[ast.AST], Callable[[Source, Any], Iterator[Edit]]] = {
    ast.Compare: expressions.comparison,
    ast.BoolOp: expressions.connective,
    ast.UnaryOp: expressions.negation,
    ast.If: expressions.condition,
    ast.While: expressions.condition,
    ast.IfExp: expressions.condition,
    ast.comprehension: expressions.conditions,
    ast.BinOp: expressions.arithmetic,
    ast.Call: expressions.call,
    ast.Subscript: expressions.subscript,
    ast.Dict: expressions.keys,
    ast.Constant: expressions.constant,
    ast.Return: statements.returned,
    ast.Expr: statements.called,
    ast.Raise: statements.raised,
    ast.ExceptHandler: statements.caught,
    ast.AugAssign: statements.augmented,
    ast.FunctionDef: statements.defaults,
}


@dataclass(frozen=True)
class Mutant:
    """*source* with *edit*, at a *place* that tests run or not."""

    source: Source
    edit: Edit
    place: Place

    @property
    def path(self) -> str:
        return self.source.path

    @property
    def line(self) -> int:
        return self.source.line(self.edit)

    @property
    def change(self) -> tuple[str, str]:
        """The lines that differ, before and after."""
        return self.source.lines(self.edit)

    @property
    def data(self) -> bytes:
        """The whole file."""
        return self.source.edited(self.edit)

    @property
    def is_real(self) -> bool:
        """Whether Python can read it, and reads something else."""
        try:
            tree = ast.parse(self.data)
        except SyntaxError:
            return False

        return ast.dump(tree) != ast.dump(self.source.tree)


def mutants(source: Source) -> Iterator[Mutant]:
    """All of *source*, in the order of its syntax tree."""
    yield from _below(source, source.tree, whole(source.tree))


def _below(source: Source, node: ast.AST, place: Place) -> Iterator[Mutant]:
    if mistakes := MISTAKES.get(type(node)):
        yield from (Mutant(source, edit, place) for edit in mistakes(source, node))
    for part, there in parts(node, place):
        yield from _below(source, part, there)
