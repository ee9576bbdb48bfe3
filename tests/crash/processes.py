"""Processes of our own, which a test may stop or kill at any moment."""

from __future__ import annotations

import json
import os
import signal
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from subprocess import PIPE, Popen
from time import monotonic, sleep
from typing import Any

ROOT = Path(__file__).parents[2]
PATIENCE = 20.0
MODULE = "tests.crash.function_process"


@dataclass(frozen=True)
class FunctionProcess:
    """A function that waits for events in a process of its own."""

    process: Popen[bytes]

    def invoke(self, event: Mapping[str, Any]) -> Any:
        """The function's reply to *event*; None when it died first."""
        assert self.process.stdin
        assert self.process.stdout
        try:
            self.process.stdin.write(json.dumps(event).encode() + b"\n")
        except BrokenPipeError:
            return None
        line = self.process.stdout.readline()

        return json.loads(line) if line.endswith(b"\n") else None

    def kill(self) -> None:
        self.process.send_signal(signal.SIGKILL)

    def freeze(self) -> None:
        self.process.send_signal(signal.SIGSTOP)
        # Its threads stop one after the other.
        os.waitid(os.P_PID, self.process.pid, os.WSTOPPED)

    def thaw(self) -> None:
        self.process.send_signal(signal.SIGCONT)


def function_process(name: str, variables: Mapping[str, str], seconds: float, module: str = MODULE) -> FunctionProcess:
    """functions/NAME with *variables* as its environment and *seconds* for each event. It starts meanwhile."""
    return FunctionProcess(started(module, name, str(seconds), variables=variables))


@contextmanager
def running(*functions: FunctionProcess) -> Iterator[None]:
    """They are gone at the end of the block, whatever state they are in."""
    try:
        yield
    finally:
        for function in functions:
            function.kill()
            with function.process:
                pass


@contextmanager
def aws_process() -> Iterator[str]:
    """The address of an AWS that is good for many processes at once."""
    process = started("tests.crash.one_at_a_time", variables={})
    with process:
        assert process.stdout
        yield f"http://127.0.0.1:{int(process.stdout.readline())}"


def wait_until(holds: Callable[[], bool]) -> None:
    late = monotonic() + PATIENCE
    while not holds():
        assert monotonic() < late, "it never came to that"
        sleep(0.02)


def started(module: str, *arguments: str, variables: Mapping[str, str]) -> Popen[bytes]:
    """`python -m MODULE ARGUMENTS`, which has nothing but *variables* for its environment."""
    # Nothing of the machine's own environment but what Python needs to find the same modules as we do.
    least = {"PATH": os.environ["PATH"], "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}

    return Popen(
        [sys.executable, "-m", module, *arguments],
        cwd=ROOT,
        env=least | dict(variables),
        stdin=PIPE,
        stdout=PIPE,
        bufsize=0,
    )
