"""What ends a command, and the exit code that scripts see."""

from __future__ import annotations

from enum import IntEnum


class ExitCode(IntEnum):
    GATEWAY_FAILED = 1
    USAGE = 2
    """As click has it for options that it does not know."""
    UNREACHABLE = 3
    REFUSED = 4
    KEY_REFUSED = 5
    LIMITED = 6
    JOB_FAILED = 7
    JOB_LATE = 8
    CONFIGURATION = 9
    """There are mistakes in a configuration."""


class CommandError(Exception):
    """*message* is for the person, *exit_code* for the script."""

    def __init__(self, message: str, exit_code: ExitCode) -> None:
        super().__init__(message)
        self.message = message
        self.exit_code = exit_code


def exit_code_of(status: int) -> ExitCode:
    """What an HTTP status that says no comes to."""
    if status in (401, 403):
        return ExitCode.KEY_REFUSED
    if status in (402, 429):
        return ExitCode.LIMITED

    return ExitCode.REFUSED if status < 500 else ExitCode.GATEWAY_FAILED
