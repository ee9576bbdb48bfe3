"""Connections to one host, kept for the next requests."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from threading import Lock, Semaphore

from h11 import ProtocolError

from rerank_gateway.adapters.transports.connection import Connection
from rerank_gateway.adapters.transports.messages import ProviderResponse
from rerank_gateway.adapters.transports.responses import PendingResponse
from rerank_gateway.domain.clock import Clock
from rerank_gateway.domain.deadline import Deadline
from rerank_gateway.domain.errors import BadReply, TargetBulkheadFull

MAX_CONNECTIONS = 100
"""To one host: ten jobs of eight parts each, and some. A function may have 1,024 files open in all."""
KEEPALIVE_S = 20.0
"""
Seconds that an idle connection is kept, by the calendar: behind an address translation it may be dead without a word.
"""
ARRIVAL_S = 0.1
"""Seconds that the rest of a response may take whose first bytes are here, which nobody is waiting for."""


def _places() -> Semaphore:
    return Semaphore(MAX_CONNECTIONS)


@dataclass(slots=True, eq=False)
class ConnectionPool:
    """
    *open_connection* makes one before a deadline. Those that are *idle* are kept, the latest last; those with a
    *pending* response are idle when that has come. For any threads.
    """

    open_connection: Callable[[Deadline], Connection]
    clock: Clock
    places: Semaphore = field(default_factory=_places)
    idle: list[Connection] = field(default_factory=list)
    pending: list[PendingResponse] = field(default_factory=list)
    lock: Lock = field(default_factory=Lock)
    is_closed: bool = False

    @contextmanager
    def place(self, deadline: Deadline) -> Iterator[float]:
        """
        One of the connections may be used within the block; the seconds that this has waited for.

        Raises TargetBulkheadFull when none becomes free before *deadline*, which is no fault of the host's.
        """
        waited = 0.0
        if not self.places.acquire(blocking=False):
            asked = self.clock.now()
            if not self.places.acquire(timeout=deadline.remaining()):
                raise TargetBulkheadFull("too many questions to this provider are under way already")
            waited = self.clock.now() - asked
        try:
            yield waited
        finally:
            self.places.release()

    def kept(self) -> Connection | None:
        """An idle connection that is good for another request, to the best of our knowledge."""
        if self.pending:
            self._collect()
        self.discard_old()
        while connection := self._pop():
            if not connection.is_spent:
                return connection
            connection.close()

        return None

    def await_response(self, connection: Connection) -> PendingResponse:
        """What is to come on *connection*, which is kept as soon as it is here."""
        pending = PendingResponse(connection, self.clock.calendar())
        with self.lock:
            self.pending.append(pending)

        return pending

    def awaited(self, pending: PendingResponse, deadline: Deadline) -> ProviderResponse:
        """The response that is *pending*. Raises OSError, a ProtocolError of h11's, or BadReply."""
        with self.lock:
            is_first = pending in self.pending
            if is_first:
                self.pending.remove(pending)
        response = pending.read(deadline)
        if is_first:
            self.keep(pending.connection, pending.since)

        return response

    def keep(self, connection: Connection, since: float | None = None) -> None:
        """Keep *connection*, idle *since* that moment or now, or close it if it is good for nothing more."""
        is_ready = connection.start_next(self.clock.calendar() if since is None else since)
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
            pending, self.pending = self.pending, []
        for each in pending:
            each.connection.close()
        while connection := self._pop():
            connection.close()

    def _collect(self) -> None:
        """Read the responses that have come, and give up those that should have."""
        oldest = self.clock.calendar() - KEEPALIVE_S
        for pending in tuple(self.pending):
            has_arrived = pending.connection.has_arrived
            if has_arrived or pending.since <= oldest:
                # Whoever wants the response is told of the error.
                with suppress(OSError, ProtocolError, BadReply):
                    self.awaited(pending, Deadline.after(self.clock, ARRIVAL_S if has_arrived else 0.0))

    def _pop(self) -> Connection | None:
        with self.lock, suppress(IndexError):
            return self.idle.pop()

        return None
