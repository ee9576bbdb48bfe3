"""An example to begin with: the Cranfield collection, as a BEIR folder."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterable
from importlib.resources import files
from pathlib import Path
from typing import Any

from cli.evaluation.files import unusable

PACKAGED = "cranfield/collection.json.gz"


def write_sample(folder: Path) -> None:
    """Raises CommandError where *folder* has something in it already."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise unusable(f"{folder} is there already, and not empty")
    packaged = json.loads(gzip.decompress(files("cli.evaluation").joinpath(PACKAGED).read_bytes()))
    (folder / "qrels").mkdir(parents=True, exist_ok=True)
    _write(folder / "corpus.jsonl", map(_line, packaged["documents"]))
    _write(folder / "queries.jsonl", map(_line, packaged["queries"]))
    judgements = [
        f"{query}\t{document}\t{grade}"
        for query, grades in packaged["qrels"].items()
        for document, grade in grades.items()
    ]
    _write(folder / "qrels/test.tsv", ["query-id\tcorpus-id\tscore", *judgements])


def _line(row: dict[str, Any]) -> str:
    return json.dumps({"_id": row["id"], "text": row["text"]})


def _write(file: Path, lines: Iterable[str]) -> None:
    file.write_text("".join(f"{line}\n" for line in lines), "utf-8")
