"""Connections to one host, kept for the next requests."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from threading import Lock, Semaphore

from rerank_gateway.adapters.transports.connection import Connection
from rerank_gateway.domain.clock import Clock
from rerank_gateway.domain.deadline import Deadline
from rerank_gateway.domain.errors import TargetBulkheadFull

MAX_CONNECTIONS = 100
"""To one host: ten jobs of eight parts each, and some. A function may have 1,024 files open in all."""
KEEPALIVE_S = 20.0
"""
Seconds that an idle connection is kept, by the calendar: behind an address translation it may be dead without a word.
"""


def _places() -> Semaphore:
    return Semaphore(MAX_CONNECTIONS)


@dataclass(slots=True, eq=False)
class ConnectionPool:
    """
    *open_connection* makes one before a deadline. Those that are *idle* are kept, the latest last. For any threads.
    """

    open_connection: Callable[[Deadline], Connection]
    clock: Clock
    places: Semaphore = field(default_factory=_places)
    idle: list[Connection] = field(default_factory=list)
    lock: Lock = field(default_factory=Lock)
    is_closed: bool = False

    @contextmanager
    def place(self, deadline: Deadline) -> Iterator[None]:
        """
        One of the connections may be used within the block.

        Raises TargetBulkheadFull when none becomes free before *deadline*, which is no fault of the host's.
        """
        if not self.places.acquire(timeout=deadline.remaining()):
            raise TargetBulkheadFull("too many questions to this provider are under way already")
        try:
            yield
        finally:
            self.places.release()

    def kept(self) -> Connection | None:
        """An idle connection that is good for another request, to the best of our knowledge."""
        self.discard_old()
        while connection := self._pop():
            if not connection.is_spent:
                return connection
            connection.close()

        return None

    def keep(self, connection: Connection) -> None:
        """Keep *connection*, or close it if it is good for nothing more."""
        is_ready = connection.start_next(self.clock.calendar())
        with self.lock:
            if is_ready and not self.is_closed:
                self.idle.append(connection)
                return
        connection.close()

    def discard_old(self) -> None:
        """Close what has been idle for too long."""
        oldest = self.clock.calendar() - KEEPALIVE_S
        with self.lock:
            old = [connection for connection in self.idle if connection.idle_since <= oldest]
            self.idle = [connection for connection in self.idle if connection.idle_since > oldest]
        for connection in old:
            connection.close()

    def close(self) -> None:
        """Let go of all connections; those in use are closed after that."""
        with self.lock:
            self.is_closed = True
        while connection := self._pop():
            connection.close()

    def _pop(self) -> Connection | None:
        with self.lock, suppress(IndexError):
            return self.idle.pop()

        return None
