"""CONTRIBUTING's map: each hop that it names is there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "layers/gateway/python/rerank_gateway"
PAGE = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
HOPS = re.findall(r"^\| `([\w/<>.]+\.py)` \| ([^|]+) \| [^|]+ \|$", PAGE, re.MULTILINE)


def source(file: str) -> str:
    place = ROOT / file if file.startswith("functions/") else PACKAGE / file

    return place.read_text("utf-8")


def test_the_map_has_hops() -> None:
    """
    A request's and a job's.
    """
    assert len(HOPS) > 25


@pytest.mark.parametrize(("file", "names"), HOPS)
def test_each_hop_is_where_the_map_says(file: str, names: str) -> None:
    """
    The file is there, and defines what is named.
    """
    for name in re.findall(r"`([\w.]+)`", names):
        assert re.search(rf"^\s*(def|class) {name.rpartition('.')[2]}\b", source(file), re.MULTILINE), name
