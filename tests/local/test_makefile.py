"""What make says."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

import pytest

from tests.local.conftest import ROOT

FAKE_PYTHON = """#!/bin/sh
case "$*" in
  "-m venv "*) mkdir -p "$3/bin" && cp "$0" "$3/bin/python" ;;
  "-m local") echo "The gateway listens." ;;
esac
"""
"""Makes environments with itself in them, installs nothing, and is the gateway."""


def make(*arguments: str) -> str:
    # What the make above passes on, where these tests are run by one, is not for this one.
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "MFLAGS"))}
    done = subprocess.run(["make", *arguments], cwd=ROOT, env=environment, check=True, capture_output=True, text=True)

    return done.stdout


def test_make_alone_lists_every_target() -> None:
    """
    Whoever types only `make` sees all that can be made, with a line of help for each, and nothing is made.
    """
    phony = re.findall(r"\.PHONY: ((?:.*\\\n)*.*)", (ROOT / "Makefile").read_text("utf-8"))

    listed = dict(re.findall(r"^make ([a-z-]+) +(\S.*)$", make(), re.MULTILINE))

    assert list(listed) == phony[0].replace("\\\n", " ").split()


@pytest.fixture
def fresh_machine(tmp_path: Path) -> list[str]:
    python = tmp_path / "python"
    python.write_text(FAKE_PYTHON, "utf-8")
    python.chmod(0o755)

    return [f"PYTHON={python}", f"VENV={tmp_path / 'venv'}"]


def test_the_first_run_says_what_takes_so_long(fresh_machine: list[str]) -> None:
    """
    On a fresh machine each step says what it does before it does it; from then on there is only the gateway.
    """
    first, second = make("run", *fresh_machine), make("run", *fresh_machine)

    *steps, last = first.splitlines()
    assert [step.split()[0] for step in steps] == ["Creating", "Installing", "Starting"]
    assert (f"{last}\n", second) == ("The gateway listens.\n", "The gateway listens.\n")


def test_a_cross_encoder_is_installed_for_who_has_one(fresh_machine: list[str]) -> None:
    """
    Its packages are large, so that they come with the first CPU_MODEL only.
    """
    without, first, second = (
        make("run", *fresh_machine, *model) for model in ((), ("CPU_MODEL=model",), ("CPU_MODEL=model",))
    )

    assert "cross-encoder" not in without
    assert first.splitlines() == ["Installing packages to run a cross-encoder …", "The gateway listens."]
    assert second == "The gateway listens.\n"
