"""The command line as people run it, against the gateway of `make run`."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.local.conftest import Gateway, run_gateway

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Done:
    """How a command ended, and what it printed for scripts and for people."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


Command = Callable[..., Done]


@pytest.fixture(scope="module")
def gateway() -> Iterator[Gateway]:
    with run_gateway() as gateway:
        yield gateway


@pytest.fixture
def command(gateway: Gateway) -> Command:
    """Runs `rerank-gateway` with these arguments and the gateway's address and key."""

    def run(*arguments: str, said: str = "", **variables: str) -> Done:
        known = {"RERANK_GATEWAY_URL": gateway.url, "RERANK_GATEWAY_KEY": "sk-local", **variables}
        done = subprocess.run(
            [sys.executable, "-m", "cli", *arguments],
            cwd=ROOT,
            env={**os.environ, **known},
            input=said,
            capture_output=True,
            text=True,
        )

        return Done(done.returncode, done.stdout, done.stderr)

    return run
