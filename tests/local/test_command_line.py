"""What the commands say of themselves."""

from __future__ import annotations

import re

import pytest

from tests.local.conftest import run_module

TIMEOUT_SECONDS = 10.0
COMMANDS = {
    "local": {"PORT", "MASTER_KEY", "GATEWAY_CONFIG", "COHERE_API_KEY", "AWS_ENDPOINT_URL", "AWS_DEFAULT_REGION"},
    "local.aws_only": {"AWS_PORT", "AWS_DEFAULT_REGION"},
}


@pytest.mark.parametrize("module", COMMANDS)
def test_help_names_the_settings(module: str) -> None:
    """
    --help says how the command is called, which environment variables it reads and how it ends, and starts nothing.
    """
    with run_module(module, "--help") as process:
        printed, _ = process.communicate(timeout=TIMEOUT_SECONDS)

    assert process.returncode == 0
    assert printed.startswith(f"usage: python -m {module} [-h]\n")
    assert set(re.findall(r"^  ([A-Z_]+)", printed, re.MULTILINE)) >= COMMANDS[module]
    assert "Stops on Ctrl-C" in printed


@pytest.mark.parametrize("argument", ["9000", "--port=9000"])
@pytest.mark.parametrize("module", COMMANDS)
def test_unknown_arguments_are_an_error(module: str, argument: str) -> None:
    """
    An argument that there is not ends the command with 2 and its usage.
    """
    with run_module(module, argument) as process:
        printed, _ = process.communicate(timeout=TIMEOUT_SECONDS)

    assert process.returncode == 2
    assert printed.startswith(f"usage: python -m {module} [-h]\n")
    assert printed.endswith(f"error: unrecognized arguments: {argument}\n")


def test_a_port_must_be_a_number() -> None:
    """
    A port that is none ends the command with a sentence.
    """
    with run_module("local", PORT="http") as process:
        printed, _ = process.communicate(timeout=TIMEOUT_SECONDS)

    assert (process.returncode, printed) == (1, "PORT must be a number from 0 to 65535, and not 'http'.\n")
