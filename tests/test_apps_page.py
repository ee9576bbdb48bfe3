"""The page about applications, and README's table of them, are what the list says."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.pages import DOCS
from tools.apps_page.page import PAGE, README, Application, applications, readme_text, text

JSON = sorted((DOCS[0].parent / "apps").glob("*.json"))


def test_both_are_up_to_date() -> None:
    """
    What is checked in is what `make docs` writes.
    """
    readme = README.read_text("utf-8")

    assert PAGE.read_text("utf-8") == text()
    assert readme == readme_text(readme)


def test_the_list_is_in_alphabetical_order() -> None:
    """
    Whoever looks for an application finds it.
    """
    names = [application.name.lower() for application in applications()]

    assert names == sorted(names)


@pytest.mark.parametrize("application", applications(), ids=lambda application: application.name)
def test_each_application_is_told_of(application: Application) -> None:
    """
    What to type, or that there is no place to type it.
    """
    section = text().partition(f"\n## {application.name}\n")[2].partition("\n## ")[0]

    for said in (application.where, application.address, application.key, application.model, application.limit):
        assert said in section
    assert bool(application.key and application.model) == bool(application.address)


@pytest.mark.parametrize("path", JSON, ids=lambda path: path.name)
def test_what_is_ready_to_paste_is_linked_to(path: Path) -> None:
    """
    Files beside the page are JSON, and found from it.
    """
    assert json.loads(path.read_text("utf-8"))
    assert f"(apps/{path.name})" in text()
