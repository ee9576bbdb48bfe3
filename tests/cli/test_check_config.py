"""`rerank-gateway check-config`, as people and their CI run it."""

from __future__ import annotations

from pathlib import Path

from cli.errors import ExitCode
from tests.cli.conftest import Command

FAULTY = """[aliases.fast]
target = ["cohere/rerank-v3.5"]
[aliases.own]
targets = ["vllm/bge"]
"""
GOOD = '[aliases.fast]\ntargets = ["cohere/rerank-v3.5", "local/bm25"]\n'


def test_every_mistake_is_a_line_with_its_place(command: Command, tmp_path: Path) -> None:
    """
    And the exit code says that there are some.
    """
    (tmp_path / "gateway.toml").write_text(FAULTY, "utf-8")

    done = command("check-config", str(tmp_path / "gateway.toml"))

    first, second = done.out.splitlines()
    assert first.startswith(f"{tmp_path}/gateway.toml:2: [aliases.fast] has no key target: did you mean targets?")
    assert second == f"{tmp_path}/gateway.toml:4: [aliases.own]: vllm/bge cannot answer: set url in [providers.vllm]"
    assert done.code == ExitCode.CONFIGURATION


def test_a_good_one_is_said_to_be_so(command: Command, tmp_path: Path) -> None:
    """
    A key that is missing on this machine is no mistake of the configuration's.
    """
    (tmp_path / "gateway.toml").write_text(GOOD, "utf-8")

    done = command("check-config", str(tmp_path / "gateway.toml"), COHERE_API_KEY="", CO_API_KEY="")

    assert (done.code, done.out) == (0, f"{tmp_path}/gateway.toml: no mistakes\n")
    assert done.err.startswith("Note: cohere has no key here: a stack needs one in the secret")


def test_scripts_read_json(command: Command, tmp_path: Path) -> None:
    """
    With the line as a number.
    """
    (tmp_path / "gateway.toml").write_text(FAULTY, "utf-8")

    done = command("check-config", str(tmp_path / "gateway.toml"), "--json")

    assert [fault["line"] for fault in done.json["faults"]] == [2, 4]


def test_what_is_no_text_is_said_so(command: Command, tmp_path: Path) -> None:
    """
    In a line, as everything that cannot be done.
    """
    (tmp_path / "gateway.toml").write_bytes(b"\xff\xfe")

    done = command("check-config", str(tmp_path / "gateway.toml"))

    assert (done.code, done.err.count("\n")) == (ExitCode.USAGE, 1)
