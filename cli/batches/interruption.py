"""Ctrl-C while a batch is waited for."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import typer

from cli.batches.state import StateFile
from cli.output import print_note

INTERRUPTED = 130
"""What shells say of whom Ctrl-C has ended."""


@contextmanager
def told_if_interrupted(kept: StateFile) -> Iterator[None]:
    """Whoever stops a run reads how to go on, or how to end what *kept* is about."""
    try:
        yield
    except KeyboardInterrupt:
        state = kept.read()
        batch_id = state.batch_id if state else ""
        print_note(
            f"Interrupted. Batch {batch_id} goes on; run the same command again to go on waiting, or: "
            f"rerank-gateway batch cancel {batch_id}"
            if batch_id
            else "Interrupted; run the same command again to go on."
        )
        raise typer.Exit(INTERRUPTED) from None
