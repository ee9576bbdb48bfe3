"""A pytest plugin: tells the tracer which test runs, and writes how long each one took that passed."""

from __future__ import annotations

import json
from collections import defaultdict
from pathlib import Path

import pytest

from tools.mutate.tracer import FOLDER, TESTS, switch

_seconds: defaultdict[str, float] = defaultdict(float)
_failed: set[str] = set()


def pytest_runtest_logstart(nodeid: str) -> None:
    switch(Path.cwd(), nodeid)


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    _seconds[report.nodeid] += report.duration
    if not report.passed:
        _failed.add(report.nodeid)


def pytest_sessionfinish() -> None:
    passed = {test: seconds for test, seconds in _seconds.items() if test not in _failed}
    (Path.cwd() / FOLDER / TESTS).write_text(json.dumps({"seconds": passed, "failed": sorted(_failed)}))
