"""The steps in CONTRIBUTING.md end green when they are followed as printed, in a copy of the repository."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from shutil import copytree, ignore_patterns

import pytest

ROOT = Path(__file__).parents[1]
PACKAGE = Path("layers/gateway/python/rerank_gateway")
FOLDERS = ("layers", "functions", "local", "tools", "tests", "events", "docs")
FILES = ("CONTRIBUTING.md", "pyproject.toml", "template.yaml")
BLOCK = re.compile(r"^   ```\w+\n(.*?)^   ```$", re.DOTALL | re.MULTILINE)
PATH = re.compile(r"`([\w/]+\.\w+)`")


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    for folder in FOLDERS:
        copytree(ROOT / folder, tmp_path / folder, ignore=ignore_patterns("__pycache__", "node_modules"))
    for file in FILES:
        (tmp_path / file).write_bytes((ROOT / file).read_bytes())

    return tmp_path


def follow(heading: str, copy: Path) -> list[Path]:
    """Do in *copy* what the section under *heading* says; the files that are new or changed."""
    section = (copy / "CONTRIBUTING.md").read_text("utf-8").partition(f"## {heading}\n")[2].partition("\n## ")[0]
    changed = []
    for block in BLOCK.finditer(section):
        *_, path = PATH.findall(section[: block.start()])
        file = copy / (path if (copy / path).parent.is_dir() else PACKAGE / path)
        _write(file, re.sub("^   ", "", block[1], flags=re.MULTILINE))
        changed.append(file)

    return changed


def _write(file: Path, shown: str) -> None:
    """Make *file* what is *shown* or, if it exists, put what is new below the first lines, which are there."""
    if not file.exists():
        file.write_text(shown, "utf-8")
        return
    before, lines = file.read_text("utf-8"), shown.splitlines(keepends=True)
    known = next(
        head for head in ("".join(lines[:count]) for count in range(len(lines) - 1, 0, -1)) if f"\n{head}" in before
    )

    file.write_text(before.replace(f"\n{known}", f"\n{shown}", 1), "utf-8")


def run(copy: Path, *arguments: str) -> str:
    """What a Python module prints in *copy*, whose modules it finds first. Fails when it does."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join((str(copy / PACKAGE.parent), str(copy)))}
    ran = subprocess.run([sys.executable, "-m", *arguments], cwd=copy, env=environment, capture_output=True, text=True)
    assert ran.returncode == 0, ran.stdout + ran.stderr

    return ran.stdout


def must_be_in_style(copy: Path, files: list[Path]) -> None:
    sources = [str(file) for file in files if file.suffix == ".py"]
    run(copy, "ruff", "format", "--check", *sources)
    run(copy, "ruff", "check", *sources)


def test_a_provider_is_added_as_the_page_says(copy: Path) -> None:
    """
    The contract of all providers holds for it, its price is checked, and the page about providers has it.
    """
    changed = follow("Add a provider", copy)
    run(copy, "tools.providers_page")

    must_be_in_style(copy, changed)
    contract = run(copy, "pytest", "-q", "tests/adapters", "-k", "acme")
    assert int(re.findall(r"(\d+) passed", contract)[0]) > 60
    run(copy, "pytest", "-q", "tests/adapters/test_prices.py", "tests/test_providers_page.py")
    run(copy, "pytest", "-q", "tests/adapters/test_providers.py", "-k", "order or wire_is_known")
    assert "### acme\n" in (copy / "docs/providers.md").read_text("utf-8")


def test_an_api_is_added_as_the_page_says(copy: Path) -> None:
    """
    Its event is answered as documented, and template, routes and OpenAPI document agree.
    """
    changed = follow("Add an API", copy)
    run(copy, "tools.openapi")

    must_be_in_style(copy, changed)
    run(copy, "pytest", "-q", "tests/functions/test_acme.py", "tests/functions/test_documented.py")
    run(copy, "pytest", "-q", "tests/test_openapi.py", "tests/test_template.py")
