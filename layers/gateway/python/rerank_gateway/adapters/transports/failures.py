"""Why a request came to nothing on its way, in words for the log."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Mapping

from rerank_gateway.domain.errors import TargetError

REASONS: Mapping[type[Exception], str] = {
    socket.gaierror: "dns",
    ssl.SSLCertVerificationError: "tls_certificate",
    ssl.SSLError: "tls",
    ConnectionRefusedError: "connection_refused",
    ConnectionResetError: "connection_reset",
    BrokenPipeError: "connection_reset",
    ConnectionAbortedError: "connection_reset",
}
"""By the kind of the failure, the most particular first."""


def explained(error: TargetError, cause: Exception) -> TargetError:
    """*error* with the reason that lies in its *cause*, whose first note names the phase in which it came."""
    phase = next(iter(getattr(cause, "__notes__", ())), "connection")
    if isinstance(cause, TimeoutError):
        error.reason = f"{phase}_timeout"
    else:
        error.reason = next((reason for kind, reason in REASONS.items() if isinstance(cause, kind)), f"{phase}_failed")

    return error
