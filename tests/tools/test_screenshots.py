"""The pictures of the pages for browsers and of a report, and the models that are played for them."""

from __future__ import annotations

import struct

import httpx
import pytest

from tests.pages import ROOT, text_of
from tools.screenshots.__main__ import IMAGES, PAGES
from tools.screenshots.played_models import LARGE, SMALL, PlayedModels

MAX_BYTES = 300_000


def width_of(picture: bytes) -> int:
    """Of a PNG, by its header."""
    width: int = struct.unpack(">I", picture[16:20])[0]

    return width


@pytest.mark.parametrize("name", PAGES)
def test_each_width_is_shown(name: str) -> None:
    """
    By a picture of the width that the tool takes, small enough for whoever clones, and on the page.
    """
    picture = (IMAGES / name).read_bytes()

    assert width_of(picture) == PAGES[name][0]
    assert len(picture) < MAX_BYTES
    assert f"](images/{name})" in text_of(ROOT / "docs/playground.md")


def test_the_readme_shows_the_page_and_a_report() -> None:
    """
    On its first screen, above everything that is to be run.
    """
    first = text_of(ROOT / "README.md").partition("\n## ")[0]

    assert "(docs/images/playground.png)" in first
    assert "(docs/images/report.png)" in first


def test_the_played_models_know_what_is_relevant() -> None:
    """
    Each, and says the same again.
    """
    models = PlayedModels({("q", "good"): 1.0})
    asked = {"query": "q", "documents": ["bad", "good", "worse"]}

    with models.served() as url:
        answers = [
            httpx.post(f"{url}/v1/rerank", json={**asked, "model": name.removeprefix("vllm/")}, trust_env=False)
            for name in (LARGE, SMALL, LARGE)
        ]

    large, small, again = (answer.json()["results"] for answer in answers)
    assert large[0]["index"] == small[0]["index"] == 1
    assert large == again != small
