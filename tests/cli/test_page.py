"""What docs/cli.md and the help say of the exit codes."""

from __future__ import annotations

import re

from cli.app import EPILOG
from cli.errors import ExitCode
from tests.pages import section


def test_each_exit_code_is_told_of() -> None:
    """
    The page has each of them, in the words of the help.
    """
    rows = re.findall(r"^\| (\d) \| (.+) \|$", section("cli.md", "In scripts"), re.MULTILINE)

    assert [int(code) for code, _ in rows] == [0, *ExitCode]
    assert f"Exit codes: {', '.join(f'{code} {words}' for code, words in rows)}." == EPILOG
