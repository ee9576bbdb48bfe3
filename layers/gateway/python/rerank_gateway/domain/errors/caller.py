"""Requests that cannot succeed as they are."""

from __future__ import annotations

from collections.abc import Sequence

from rerank_gateway.domain.errors.gateway import GatewayError


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


class FaultyKey(NotAuthenticated):
    """*attribute* of the key's record is what the operator has to mend; callers hear only that there is a fault."""

    def __init__(self, attribute: str) -> None:
        super().__init__("this key's record is faulty; please tell the operator", reason="virtual_key_blocked")
        self.attribute = attribute


class NotAllowed(CallerError):
    code = "model_blocked"


class AdminRequired(CallerError):
    code = "admin_required"


class UnknownModel(CallerError):
    code = "unknown_model"


class NoTargetLeft(CallerError):
    code = "no_target_left"


class UnknownJob(CallerError):
    code = "unknown_job"


class UnknownBatch(UnknownJob):
    code = "unknown_batch"


class UnknownFile(UnknownJob):
    code = "unknown_file"


class UnknownAddress(CallerError):
    code = "unknown_address"


class WrongMethod(CallerError):
    """*allowed* are the methods that this address has."""

    code = "wrong_method"

    def __init__(self, message: str, *, allowed: Sequence[str]) -> None:
        super().__init__(message)
        self.allowed = allowed


class UnknownKey(CallerError):
    code = "unknown_key"


class UnknownTeam(CallerError):
    code = "unknown_team"


class UnknownWebhook(CallerError):
    code = "unknown_webhook"


class UnknownDelivery(UnknownWebhook):
    code = "unknown_delivery"


class InUse(CallerError):
    code = "in_use"


class IdempotencyConflict(CallerError):
    code = "idempotency_conflict"
