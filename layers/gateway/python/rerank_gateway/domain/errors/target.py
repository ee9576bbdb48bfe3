"""One failed try at one target."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from rerank_gateway.domain.errors.gateway import GatewayError


@dataclass(frozen=True, slots=True)
class TooLong:
    """A target's word that a text is too long: the *limit* in tokens and the *tokens* that it has; None if not told."""

    limit: int | None = None
    tokens: int | None = None


class TargetError(GatewayError):
    """
    One failed try.

    *status_code* is what the target answered, or the nearest HTTP word for it; a request's `retry.on_codes` is
    compared with it. *retry_after* is in seconds. *has_spare_key* says that the same target may be asked again at
    once, because another of its keys is at hand, and *too_long* that it may be asked again with shorter texts. *reason*
    is a word for the log that says more than the code, *waited* the seconds that went by before it was asked, and
    *key_number* which of the gateway's keys it was asked with, 0 for none.
    """

    status: ClassVar[int] = 502

    def __init__(self, message: str, *, status_code: int | None = None, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.status_code = status_code or self.status
        self.retry_after = retry_after
        self.has_spare_key = False
        self.too_long: TooLong | None = None
        self.reason = ""
        self.waited = 0.0
        self.key_number = 0


class TargetRefused(TargetError):
    code = "provider_refused_request"
    status = 400


class TargetMissing(TargetError):
    code = "model_not_available"
    status = 404


class TargetNotConfigured(TargetMissing):
    """It was not asked, for want of what it *lacks*, such as a key."""

    def __init__(self, message: str, *, lacks: str) -> None:
        super().__init__(message)
        self.lacks = lacks


class TargetRequestTooLarge(TargetError):
    code = "provider_request_too_large"
    status = 413


class TargetRejectedKey(TargetError):
    code = "provider_rejected_key"
    status = 401


class TargetBusy(TargetError):
    code = "provider_busy"
    status = 429


class TargetBulkheadFull(TargetBusy):
    code = "provider_crowded"
    status = 503


class TargetAsleep(TargetBusy):
    """It runs nowhere while nobody asks, and is started by being asked: no failure of the target's."""

    code = "provider_asleep"
    status = 503


class TargetFailed(TargetError):
    code = "provider_failed"


class TargetCrashed(TargetFailed):
    """It says nothing of the target itself."""


class TargetTimedOut(TargetError):
    code = "provider_timed_out"
    status = 504


class TargetOutpaced(TargetError):
    code = "provider_overtaken"
    status = 499


class BadReply(TargetError):
    code = "provider_bad_reply"
