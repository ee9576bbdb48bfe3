"""What the programs here have in common: how they end, and which port they take."""

from __future__ import annotations

import errno
import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager


def stop_when_asked() -> None:
    for number in (signal.SIGINT, signal.SIGTERM):
        # At once, and not by way of an exception: nothing here outlives the process, so there is nothing to tidy up,
        # and nobody should wait for a request that waits for a provider.
        signal.signal(number, lambda *_: os._exit(0))


def port_of(variable: str, usual: int) -> int:
    """The port that the environment's *variable* names. Ends the program with one sentence where that is none."""
    port = os.environ.get(variable) or str(usual)
    if not port.isdecimal() or int(port) > 65535:
        sys.exit(f"{variable} must be a number from 0 to 65535, and not {port!r}.")

    return int(port)


@contextmanager
def having(port: int, variable: str) -> Iterator[None]:
    """Take *port* in here; where it cannot be had, this ends the program with one sentence."""
    try:
        yield
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            sys.exit(f"Port {port} is taken: stop what runs there, or choose another one with {variable}.")
        sys.exit(f"Port {port} cannot be had: {error.strerror}.")
