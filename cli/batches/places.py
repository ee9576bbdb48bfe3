"""Where the results of a batch go, looked at before anything is paid."""

from __future__ import annotations

from pathlib import Path

from cli.batches.run import errors_beside
from cli.errors import CommandError, ExitCode


def require_place(out: Path, requests: Path | None = None) -> None:
    """Raises CommandError where no results can be written, or would stand in the place of *requests*."""
    if not out.parent.is_dir():
        raise CommandError(f"{out}: there is no folder {out.parent}", ExitCode.USAGE)
    if out.is_dir():
        raise CommandError(f"{out} is a folder", ExitCode.USAGE)
    if requests and requests.resolve() in (out.resolve(), errors_beside(out).resolve()):
        raise CommandError(f"{requests} would be written over: choose another --out", ExitCode.USAGE)


def require_earlier_run(out: Path) -> None:
    """Raises CommandError where nothing has come of a batch yet, of which something could have failed."""
    if not (out.exists() or errors_beside(out).exists()):
        raise CommandError(f"there is no {out}: `batch run` comes first", ExitCode.USAGE)
