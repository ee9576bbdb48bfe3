"""What the commands here have in common: their help, how they end, and which port they take."""

from __future__ import annotations

import errno
import os
import signal
import sys
from argparse import ArgumentParser, RawDescriptionHelpFormatter
from collections.abc import Iterator
from contextlib import contextmanager

MAX_PORT = 65535


def parse_arguments(command: str, description: str, variables: str) -> None:
    """Exit after the help when that is asked for, and with 2 on other arguments: settings are *variables*."""
    ArgumentParser(
        command, description=description, epilog=variables, formatter_class=RawDescriptionHelpFormatter
    ).parse_args()


def exit_on_signal() -> None:
    for number in (signal.SIGINT, signal.SIGTERM):
        # At once, and not by way of an exception: nothing here outlives the process, so there is nothing to tidy up,
        # and nobody should wait for a request that waits for a provider.
        signal.signal(number, lambda *_: os._exit(0))


def port_from_environment(variable: str, default: int) -> int:
    """The port in the environment's *variable*. Exits with one sentence where that is none."""
    port = os.environ.get(variable) or str(default)
    if not port.isdecimal() or int(port) > MAX_PORT:
        sys.exit(f"{variable} must be a number from 0 to {MAX_PORT}, and not {port!r}.")

    return int(port)


@contextmanager
def exit_if_port_taken(port: int, variable: str) -> Iterator[None]:
    """Bind *port* in here; where it cannot be had, this exits with one sentence."""
    try:
        yield
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            sys.exit(f"Port {port} is taken: stop what runs there, or choose another one with {variable}.")
        sys.exit(f"Port {port} cannot be had: {error.strerror}.")
