"""Clients in JavaScript, by Node's own test runner. Machines without Node do without them."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

HERE = Path(__file__).parent / "js"
OLDEST = 20


def node() -> int:
    """The major version of Node, 0 where there is none."""
    if not shutil.which("node") or not shutil.which("npm"):
        return 0
    version = subprocess.run(["node", "--version"], capture_output=True, text=True, check=True).stdout

    return int(version.lstrip("v").partition(".")[0])


pytestmark = pytest.mark.skipif(node() < OLDEST, reason=f"needs Node {OLDEST} or newer, and npm")


@pytest.fixture(scope="session")
def packages() -> None:
    """The packages that the lock file names, installed unless they are."""
    installed, result_count = HERE / "node_modules" / ".package-lock.json", HERE / "package-lock.json"
    if not installed.exists() or installed.stat().st_mtime < result_count.stat().st_mtime:
        subprocess.run(["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"], cwd=HERE, check=True)


@pytest.mark.usefixtures("packages")
@pytest.mark.parametrize("file", sorted(path.name for path in HERE.glob("*.test.js")))
def test_in_node(file: str, gateway: str) -> None:
    """
    All tests in the file pass.
    """
    ran = subprocess.run(
        ["node", "--test", file], cwd=HERE, env={**os.environ, "GATEWAY_URL": gateway}, capture_output=True, text=True
    )

    assert ran.returncode == 0, ran.stdout + ran.stderr
