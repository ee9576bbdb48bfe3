"""
What can go wrong, in the caller's words.

    GatewayError
    ├── CallerError               the request cannot succeed as it is; nobody was asked
    │   ├── InvalidRequest          a field is missing or wrong
    │   ├── TooLarge                more than one request may carry, or one answer return
    │   ├── UnsupportedMedia        a body in a form that nobody reads here
    │   ├── NotAuthenticated        no key, or one that is unknown, disabled or expired
    │   ├── NotAllowed              the key does not cover the model
    │   ├── UnknownModel            no such alias or provider
    │   ├── UnknownJob              none with this id that the key may see
    │   └── IdempotencyConflict                the same Idempotency-Key came with another body
    ├── TargetError               one target did not answer; the next one may
    │   ├── TargetRefused           it says that the question itself is wrong
    │   ├── TargetMissing           it has no such model, or is not configured here
    │   ├── TargetRequestTooLarge          it says that the question is too large
    │   ├── TargetRejectedKey       it does not accept the gateway's key, or its account is empty
    │   ├── TargetBusy              it has too much to do; `retry_after` says until when
    │   │   └── TargetBulkheadFull         as many questions as it is allowed to have are under way from here
    │   ├── TargetFailed            it broke, or could not be reached
    │   ├── TargetTimedOut          it took too long
    │   ├── TargetOutpaced         another one answered before it
    │   └── BadReply                it answered, but not with a ranking
    ├── AllTargetsFailed                  every target of the plan failed
    ├── DeadlineExceeded                 the deadline came before anyone could be asked
    └── Unavailable               a part of the gateway's own is out of reach for the moment
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rerank_gateway.domain.answer import Attempt
    from rerank_gateway.domain.target import Target


class GatewayError(Exception):
    """The root. *code* is the error's stable name, *param* the request field it speaks of."""

    code: ClassVar[str] = "gateway_error"

    def __init__(self, message: str, *, param: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.param = param


class CallerError(GatewayError):
    pass


class InvalidRequest(CallerError):
    code = "invalid_request"


class TooLarge(CallerError):
    code = "too_large"


class UnsupportedMedia(CallerError):
    code = "unsupported_media_type"


class NotAuthenticated(CallerError):
    """*reason* is the word that tells a missing key from an unknown or a blocked one."""

    code = "virtual_key_not_found"

    def __init__(self, message: str, *, reason: str) -> None:
        super().__init__(message)
        self.reason = reason


class NotAllowed(CallerError):
    code = "model_blocked"


class UnknownModel(CallerError):
    code = "unknown_model"


class UnknownJob(CallerError):
    code = "unknown_job"


class IdempotencyConflict(CallerError):
    code = "idempotency_conflict"


class TargetError(GatewayError):
    """
    One failed try.

    *status_code* is what the target answered, or the nearest HTTP word for it; a request's `retry.on_codes` is
    compared with it. *retry_after* is in seconds. *has_spare_key* says that the same target may be asked again at
    once, because another of its keys is at hand.
    """

    status: ClassVar[int] = 502

    def __init__(self, message: str, *, status_code: int | None = None, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.status_code = status_code or self.status
        self.retry_after = retry_after
        self.has_spare_key = False


class TargetRefused(TargetError):
    code = "provider_refused_request"
    status = 400


class TargetMissing(TargetError):
    code = "model_not_available"
    status = 404


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


class TargetFailed(TargetError):
    code = "provider_failed"


class TargetTimedOut(TargetError):
    code = "provider_timed_out"
    status = 504


class TargetOutpaced(TargetError):
    code = "provider_overtaken"
    status = 499


class BadReply(TargetError):
    code = "provider_bad_reply"


class AllTargetsFailed(GatewayError):
    """
    Everyone was asked in vain. The last failure of the first choice speaks for all, as it is whom the caller wanted,
    or that of whoever was asked first, if the first choice was not.
    """

    code = "no_answer"

    def __init__(self, attempts: Sequence[Attempt], first_choice: Target | None = None) -> None:
        failed = [attempt.target for attempt in attempts if attempt.error]
        first = first_choice if first_choice in failed else failed[0]
        self.primary_error = [a.error for a in attempts if a.target == first and a.error][-1]
        self.attempts = tuple(attempts)
        super().__init__(f"{first}: {self.primary_error.message}")


class DeadlineExceeded(GatewayError):
    code = "deadline_exceeded"


class Unavailable(GatewayError):
    code = "temporarily_unavailable"
