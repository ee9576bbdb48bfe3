"""The function behind `lambda/…`, loaded as Lambda loads it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from importlib import import_module, reload
from pathlib import Path
from typing import Any

import pytest

from tests.pages import ROOT


def loaded(model: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """The function's module, with the *model* in that folder."""
    monkeypatch.setenv("CPU_MODEL", str(model))
    name = "functions.cpu_reranker.app"

    return reload(sys.modules[name]) if name in sys.modules else import_module(name)


def modules_of(code: str, **variables: str) -> set[str]:
    """The packages that *code* has loaded in the end, in an interpreter of its own."""
    script = f"{code}\nimport sys, json; print(json.dumps(sorted({{name.partition('.')[0] for name in sys.modules}})))"
    environment = {**os.environ, **variables}
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, env=environment, capture_output=True, text=True, check=True
    )

    return set(json.loads(done.stdout.splitlines()[-1]))
