"""
Rehearse a deployment: the template that `sam build` has made is deployed to an AWS of this machine in several variants,
asked through the Lambda API, updated in place and removed.

Use: `make rehearse`, which installs what it takes.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from subprocess import CalledProcessError
from tempfile import TemporaryDirectory
from typing import TypeVar

from tests.crash.asked import RANKING
from tests.upstream import says, upstream
from tools.rehearse import steps
from tools.rehearse.emulated_template import for_emulator
from tools.rehearse.emulator import emulator
from tools.rehearse.stack import Sam, Stack
from tools.rehearse.variants import UPDATE, VARIANTS, machine

BUILT = Path(".aws-sam/build")

Result = TypeVar("Result")


def main() -> None:
    options = _options()
    try:
        with TemporaryDirectory() as folder, emulator(options.emulator, Path(folder)) as address:
            _rehearse(Sam(options.sam, address))
    except (AssertionError, CalledProcessError, RuntimeError, TimeoutError) as failed:
        sys.exit(f"{failed}\n{getattr(failed, 'output', None) or ''}")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sam", type=Path, required=True, help="the SAM CLI")
    parser.add_argument("--emulator", type=Path, required=True, help="ministack")

    return parser.parse_args()


def _rehearse(sam: Sam) -> None:
    template = BUILT / "emulated.json"
    for_emulator(BUILT / "template.yaml", template)
    _whole_life(Stack("rehearsal", sam, template, machine()))
    for name, parameters in VARIANTS.items():
        _told(name, partial(_variant, Stack("variant", sam, template, {**machine(), **parameters})))


def _whole_life(stack: Stack) -> None:
    with upstream(says(RANKING)) as provider:
        _told("deploy", stack.deploy)
        _told("configure", lambda: steps.configure(stack, provider))
        _told("ask every function", lambda: steps.every_function_answers(stack))
        _told("rank", lambda: steps.ranks(stack, provider))
        jobs = _told("submit or send, work, poll", lambda: steps.works_jobs(stack))
        _told("update in place", lambda: steps.updates(stack, UPDATE))
        _told("poll what was there before", lambda: steps.keeps(stack, jobs))
        _told("rank again", lambda: steps.ranks(stack, provider))
        _told("remove", lambda: steps.goes(stack))


def _variant(stack: Stack) -> None:
    stack.deploy()
    steps.every_function_answers(stack)
    steps.goes(stack)


def _told(step: str, take: Callable[[], Result]) -> Result:
    print(f"{step:<48}", end="", flush=True)
    began = time.monotonic()
    result = take()
    print(f"{time.monotonic() - began:5.1f} s")

    return result


if __name__ == "__main__":
    main()
