"""Whoever reads README.md, CONTRIBUTING.md or a page in docs/ finds their way."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from tests.pages import DOCS, PAGES, README, ROOT, name_of, prose, text_of

HEADING = re.compile(r"^#{2,} (.+)$", re.MULTILINE)
"""Any but the title."""
ENTRY = re.compile(r"^(?:- |\| )\[([^\]]+)\]\((#[^)]+)\)", re.MULTILINE)
"""In a list of contents, or in the providers' overview, where theirs goes on."""
LINK = re.compile(r"\]\(([^)\s]+)\)")


def headings(page: Path) -> list[str]:
    return [heading.replace("`", "") for heading in HEADING.findall(prose(page))]


def anchor(heading: str) -> str:
    """Where GitHub has a link find *heading*."""
    return "#" + re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


def links() -> list[Any]:
    """Every link that does not lead out of the repository, and the page that it stands on."""
    found = [(page, link) for page in PAGES for link in sorted(set(LINK.findall(prose(page)))) if "://" not in link]

    return [pytest.param(page, link, id=f"{name_of(page)} {link}") for page, link in found]


@pytest.mark.parametrize(("page", "link"), links())
def test_a_link_leads_somewhere(page: Path, link: str) -> None:
    """
    The file is there, and so is the heading in it.
    """
    path, _, place = link.partition("#")
    there = (page.parent / path).resolve() if path else page

    assert there.is_relative_to(ROOT)
    assert there.exists()
    assert not place or f"#{place}" in map(anchor, headings(there))


@pytest.mark.parametrize("page", DOCS, ids=name_of)
def test_the_contents_are_the_headings(page: Path) -> None:
    """
    A page's list of contents names all of its headings, in their order and in their words, and nothing else.
    """
    listed = [(words.replace("`", ""), place) for words, place in ENTRY.findall(prose(page))]

    assert listed == [(heading, anchor(heading)) for heading in headings(page)]


def test_each_page_is_on_the_map() -> None:
    """
    The README's last section leads to all of them.
    """
    map_of_pages = text_of(README).partition("\n## Read on\n")[2]

    assert {name_of(page) for page in DOCS} <= set(LINK.findall(map_of_pages))
