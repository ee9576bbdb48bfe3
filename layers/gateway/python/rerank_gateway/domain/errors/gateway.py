"""The root, and what is nobody's fault."""

from __future__ import annotations

from typing import ClassVar


class GatewayError(Exception):
    """The root. *code* is the error's stable name, *param* the request field it speaks of."""

    code: ClassVar[str] = "gateway_error"

    def __init__(self, message: str, *, param: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.param = param


class DeadlineExceeded(GatewayError):
    code = "deadline_exceeded"


class Unavailable(GatewayError):
    """
    *cause* is for the log: a service, its operation and an error code, never content. It *is_outage* unless the service
    answered, and said no.
    """

    code = "temporarily_unavailable"

    def __init__(self, message: str, *, cause: str = "", is_outage: bool = True) -> None:
        super().__init__(message)
        self.cause = cause
        self.is_outage = is_outage


class Misconfigured(Unavailable):
    """*reason* is for the operator's log: callers hear only that it is not their fault."""

    code = "misconfigured"

    def __init__(self, reason: str) -> None:
        super().__init__("the gateway's configuration is wrong; its log says why")
        self.reason = reason
