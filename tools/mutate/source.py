"""A Python file by its bytes, its tokens and its syntax tree."""

from __future__ import annotations

import ast
import io
import tokenize
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate

SILENT = (tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT)


@dataclass(frozen=True)
class Edit:
    """The bytes from *start* to *end* become *text*."""

    start: int
    end: int
    text: str


@dataclass(frozen=True)
class Source:
    """The file at *path*, which holds *data*."""

    path: str
    data: bytes

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.data)

    def span(self, node: ast.expr | ast.stmt) -> tuple[int, int]:
        """The first byte of *node*, and the one after its last."""
        first, last = self._lines[node.lineno - 1], self._lines[(node.end_lineno or node.lineno) - 1]

        return first + node.col_offset, last + (node.end_col_offset or 0)

    def text(self, node: ast.expr | ast.stmt) -> str:
        start, end = self.span(node)

        return self.data[start:end].decode()

    def replaced(self, node: ast.expr | ast.stmt, text: str) -> Edit:
        return Edit(*self.span(node), text)

    def words(self, words: str, left: ast.expr, right: ast.expr) -> tuple[int, int]:
        """Where the operator *words* stands between *left* and *right*."""
        wanted = words.split()
        between = [token for token in self._tokens if self.span(left)[1] <= token[0] < self.span(right)[0]]
        for place in range(len(between)):
            found = between[place : place + len(wanted)]
            if [text for _, _, text in found] == wanted:
                return found[0][0], found[-1][1]

        raise LookupError(f"{self.path}:{left.lineno} has no {words}")

    def edited(self, edit: Edit) -> bytes:
        """The whole file with *edit*."""
        return self.data[: edit.start] + edit.text.encode() + self.data[edit.end :]

    def lines(self, edit: Edit) -> tuple[str, str]:
        """The lines that *edit* touches, before and after, in one line each."""
        start = self.data.rfind(b"\n", 0, edit.start) + 1
        end = (self.data.find(b"\n", edit.end) + 1 or len(self.data) + 1) - 1
        before = self.data[start:end]
        after = self.data[start : edit.start] + edit.text.encode() + self.data[edit.end : end]

        return " ".join(before.decode().split()), " ".join(after.decode().split())

    def line(self, edit: Edit) -> int:
        return self.data.count(b"\n", 0, edit.start) + 1

    @cached_property
    def _lines(self) -> tuple[int, ...]:
        return tuple(accumulate(map(len, self.data.splitlines(keepends=True)), initial=0))

    @cached_property
    def _tokens(self) -> tuple[tuple[int, int, str], ...]:
        return tuple(self._offsets())

    def _offsets(self) -> Iterator[tuple[int, int, str]]:
        # Tokens count in characters, syntax trees in bytes.
        for token in tokenize.tokenize(io.BytesIO(self.data).readline):
            if token.type not in SILENT and token.type != tokenize.ENCODING:
                start = self._lines[token.start[0] - 1] + len(token.line[: token.start[1]].encode())
                yield start, start + len(token.string.encode()), token.string
