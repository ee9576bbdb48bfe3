"""Word to those at work for a caller that nobody waits for them any longer."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Lock


class Cancellation:
    """The word is given once and for all. For any threads."""

    def __init__(self) -> None:
        self.is_cancelled = False
        self._aborts: list[Callable[[], None]] = []
        self._lock = Lock()

    def cancel(self) -> None:
        with self._lock:
            self.is_cancelled = True
            for abort in self._aborts:
                abort()
            self._aborts.clear()

    @contextmanager
    def aborting(self, abort: Callable[[], None]) -> Iterator[None]:
        """
        Call *abort*, from whichever thread, if the word is given before the end of the block, and never after it.

        It must neither raise nor take long.
        """
        with self._lock:
            if self.is_cancelled:
                abort()
            self._aborts.append(abort)
        try:
            yield
        finally:
            with self._lock:
                if abort in self._aborts:
                    self._aborts.remove(abort)
