"""A pytest plugin: runs only the tests that are listed in a file, in the order in which they stand there."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

VARIABLE = "MUTATE_TESTS"
"""The environment variable that names the file, which holds a JSON list."""


@pytest.hookimpl(trylast=True)  # pytest sorts by fixtures before
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    wanted = json.loads(Path(os.environ[VARIABLE]).read_text())
    place = {test: number for number, test in enumerate(wanted)}
    items[:] = sorted((item for item in items if item.nodeid in place), key=lambda item: place[item.nodeid])
