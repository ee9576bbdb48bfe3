"""The forms in which people have judgements: a BEIR folder, TREC's qrels and run, or a question a line."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cli.evaluation.collection import Collection, Qrels
from cli.evaluation.files import json_object, parse_lines, unusable

QRELS = ("qrels/test.tsv", "qrels.txt")


@dataclass(frozen=True, slots=True)
class Source:
    """*path* is a folder or a JSONL file; *qrels* and *run* are files beside those that a folder has."""

    path: Path
    qrels: Path | None = None
    run: Path | None = None


def read_collection(source: Source) -> Collection:
    """Raises CommandError, which names the file and the line."""
    if not source.path.is_dir():
        return _read_questions(source.path)
    documents = dict(parse_lines(source.path / "corpus.jsonl", _document))
    queries = dict(parse_lines(source.path / "queries.jsonl", _query))
    qrels = read_qrels(source.qrels or _qrels_in(source.path))

    return Collection(queries, documents, qrels, _candidates(source.run, documents) if source.run else {})


def read_qrels(file: Path) -> Qrels:
    """TREC's four columns, or BEIR's three below a heading."""
    found: dict[str, dict[str, int]] = {}
    for judgement in parse_lines(file, _judgement):
        if judgement:
            query, document, grade = judgement
            found.setdefault(query, {})[document] = grade

    return found


def _qrels_in(folder: Path) -> Path:
    for name in QRELS:
        if (folder / name).exists():
            return folder / name

    raise unusable(f"{folder} has neither {' nor '.join(QRELS)}; --qrels names a file of judgements")


def _candidates(run: Path, documents: Iterable[str]) -> dict[str, list[str]]:
    """The documents of each query in a TREC run, by rank."""
    ranked: dict[str, list[tuple[int, str]]] = {}
    for query, document, rank in parse_lines(run, _run_line):
        if document not in documents:
            raise unusable(f"{run}: the corpus has no document {document}")
        ranked.setdefault(query, []).append((rank, document))

    return {query: list(dict.fromkeys(document for _, document in sorted(found))) for query, found in ranked.items()}


def _document(line: str) -> tuple[str, str]:
    row = json_object(line)

    return str(row["_id"]), f"{row.get('title') or ''} {row['text']}".strip()


def _query(line: str) -> tuple[str, str]:
    row = json_object(line)

    return str(row["_id"]), str(row["text"])


def _judgement(line: str) -> tuple[str, str, int] | None:
    match line.split():
        case ["query-id", "corpus-id", "score"]:
            return None
        case [query, _, document, grade] | [query, document, grade]:
            return query, document, int(grade)

    raise ValueError("a judgement is query, document and grade, or TREC's four columns")


def _run_line(line: str) -> tuple[str, str, int]:
    match line.split():
        case [query, _, document, rank, _, _]:
            return query, document, int(rank)

    raise ValueError("a line of a run is query, Q0, document, rank, score and tag")


def _read_questions(file: Path) -> Collection:
    """Each line is a query with documents of its own, which are named after it."""
    queries: dict[str, str] = {}
    documents: dict[str, str] = {}
    candidates: dict[str, list[str]] = {}
    qrels: dict[str, dict[str, int]] = {}
    for number, (query, texts, grades) in enumerate(parse_lines(file, _question), 1):
        name = str(number)
        ids = [f"{name}.{index}" for index in range(len(texts))]
        queries[name], candidates[name] = query, ids
        documents.update(zip(ids, texts, strict=True))
        qrels[name] = {ids[index]: grade for index, grade in grades.items()}

    return Collection(queries, documents, qrels, candidates)


def _question(line: str) -> tuple[str, list[str], dict[int, int]]:
    row = json_object(line)
    texts = [_text(document) for document in row["documents"]]
    grades = _grades(row["relevant"])
    if outside := [index for index in grades if not 0 <= index < len(texts)]:
        raise ValueError(f"relevant names document {outside[0]} of {len(texts)}; the first is 0")

    return str(row["query"]), texts, grades


def _text(document: Any) -> str:
    return str(document["text"] if isinstance(document, dict) else document)


def _grades(relevant: Any) -> dict[int, int]:
    match relevant:
        case dict():
            return {int(index): int(grade) for index, grade in relevant.items()}
        case list():
            return {int(index): 1 for index in relevant}

    raise ValueError("relevant is a list of indices, or an object of index and grade")
