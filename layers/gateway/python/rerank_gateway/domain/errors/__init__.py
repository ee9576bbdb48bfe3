"""
What can go wrong, in the caller's words.

    GatewayError
    ├── CallerError               the request cannot succeed as it is; nobody was asked
    │   ├── InvalidRequest          a field is missing or wrong
    │   ├── TooLarge                more than one request may carry, or one answer return
    │   ├── UnsupportedMedia        a body in a form that nobody reads here
    │   ├── NotAuthenticated        no key, or one that is unknown, disabled or expired
    │   │   └── FaultyKey             one whose record cannot be read
    │   ├── NotAllowed              the key does not cover the model
    │   ├── AdminRequired           the key may not manage keys, or not this one
    │   ├── RateLimited             the minute's requests or documents of the key or its team are used up
    │   ├── BudgetExceeded          what it would cost is not left of the key's or the team's budget
    │   ├── UnknownModel            no such alias or provider
    │   ├── NoTargetLeft            nobody keeps all that the caller demands of whoever is asked
    │   ├── UnknownJob              none with this id that the key may see
    │   │   ├── UnknownBatch          the same of batches
    │   │   └── UnknownFile           the same of files and their uploads
    │   ├── UnknownAddress          nothing is answered there
    │   ├── WrongMethod             the address is right, and the method is not
    │   ├── UnknownKey              none whose token has this hash
    │   ├── UnknownTeam             none of this name
    │   ├── UnknownWebhook          no endpoint of this name
    │   │   └── UnknownDelivery       none to this endpoint with this id
    │   ├── InUse                   the name is taken, or what would be removed still has something in it
    │   └── IdempotencyConflict     the same Idempotency-Key came with another body
    ├── TargetError               one target did not answer; the next one may
    │   ├── TargetRefused           it says that the request itself is wrong
    │   ├── TargetMissing           it has no such model
    │   │   └── TargetNotConfigured   nor can it be asked: the gateway has no key, address or setting for it
    │   ├── TargetRequestTooLarge   it says that the request is too large
    │   ├── TargetRejectedKey       it does not accept the gateway's key, or its account is empty
    │   ├── TargetBusy              it has too much to do; `retry_after` says until when
    │   │   ├── TargetAsleep          it runs nowhere at the moment, and is being started
    │   │   └── TargetBulkheadFull    it has as many requests from here as it is allowed to have
    │   ├── TargetFailed            it broke, or could not be reached
    │   │   └── TargetCrashed         the gateway broke over it: a bug of ours
    │   ├── TargetTimedOut          it took too long
    │   ├── TargetOutpaced          another one answered before it
    │   └── BadReply                it answered, but not with a ranking
    ├── AllTargetsFailed          every target of the plan failed (domain/attempt.py)
    ├── DeadlineExceeded          it came before anyone could be asked
    └── Unavailable               a part of the gateway's own is out of reach for the moment
        └── Misconfigured           the operator has to mend the configuration
"""

from __future__ import annotations

from rerank_gateway.domain.errors.caller import (
    AdminRequired,
    CallerError,
    FaultyKey,
    IdempotencyConflict,
    InUse,
    InvalidRequest,
    NotAllowed,
    NoTargetLeft,
    NotAuthenticated,
    TooLarge,
    UnknownAddress,
    UnknownBatch,
    UnknownDelivery,
    UnknownFile,
    UnknownJob,
    UnknownKey,
    UnknownModel,
    UnknownTeam,
    UnknownWebhook,
    UnsupportedMedia,
    WrongMethod,
)
from rerank_gateway.domain.errors.gateway import (
    DeadlineExceeded,
    GatewayError,
    Misconfigured,
    Unavailable,
)
from rerank_gateway.domain.errors.limits import BudgetExceeded, RateLimit, RateLimited
from rerank_gateway.domain.errors.target import (
    BadReply,
    TargetAsleep,
    TargetBulkheadFull,
    TargetBusy,
    TargetCrashed,
    TargetError,
    TargetFailed,
    TargetMissing,
    TargetNotConfigured,
    TargetOutpaced,
    TargetRefused,
    TargetRejectedKey,
    TargetRequestTooLarge,
    TargetTimedOut,
    TooLong,
)

__all__ = [
    "AdminRequired",
    "BadReply",
    "BudgetExceeded",
    "CallerError",
    "DeadlineExceeded",
    "FaultyKey",
    "GatewayError",
    "IdempotencyConflict",
    "InUse",
    "InvalidRequest",
    "Misconfigured",
    "NoTargetLeft",
    "NotAllowed",
    "NotAuthenticated",
    "RateLimit",
    "RateLimited",
    "TargetAsleep",
    "TargetBulkheadFull",
    "TargetBusy",
    "TargetCrashed",
    "TargetError",
    "TargetFailed",
    "TargetMissing",
    "TargetNotConfigured",
    "TargetOutpaced",
    "TargetRefused",
    "TargetRejectedKey",
    "TargetRequestTooLarge",
    "TargetTimedOut",
    "TooLarge",
    "TooLong",
    "Unavailable",
    "UnknownAddress",
    "UnknownBatch",
    "UnknownDelivery",
    "UnknownFile",
    "UnknownJob",
    "UnknownKey",
    "UnknownModel",
    "UnknownTeam",
    "UnknownWebhook",
    "UnsupportedMedia",
    "WrongMethod",
]
