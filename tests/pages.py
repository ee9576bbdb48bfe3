"""The pages that people read, taken apart."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[1]
README = ROOT / "README.md"
DOCS = sorted((ROOT / "docs").glob("*.md"))
PAGES = [README, ROOT / "CONTRIBUTING.md", *DOCS]


def name_of(page: Path) -> str:
    return str(page.relative_to(ROOT))


def text_of(page: Path) -> str:
    return page.read_text("utf-8")


def prose(page: Path) -> str:
    """The *page* without its examples, in which a `#` begins a comment."""
    return re.sub(r"^ *```.*?^ *```$", "", text_of(page), flags=re.DOTALL | re.MULTILINE)


def blocks(page: Path, language: str) -> list[str]:
    """The examples in *language* on the *page*."""
    return re.findall(rf"^```{language}\n(.*?)^```$", text_of(page), re.DOTALL | re.MULTILINE)


def sent(page: Path) -> list[str]:
    """The bodies that the *page* has curl send."""
    return re.findall(r"-d '(\{.*?\})'", text_of(page), re.DOTALL)


def section(page: str, heading: str) -> str:
    """What stands under *heading* on the page in docs/ of this name."""
    return text_of(ROOT / "docs" / page).partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
