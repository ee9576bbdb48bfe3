"""The names of AWS's errors, and what they mean."""

from __future__ import annotations

from typing import Any

from rerank_gateway.adapters.transports.messages import ProviderResponse
from rerank_gateway.domain.errors import BadReply

REFUSALS = frozenset(
    (
        "AccessDenied",
        "AccessDeniedException",
        "DecryptionFailure",
        "InvalidRequestException",
        "ResourceNotFoundException",
    )
)
"""Errors that are an answer: who is told no may not go on with what was true before."""
THROTTLING = frozenset(  # botocore 1.44.5, retries/standard.py; a quota that is used up is over as soon
    (
        "RequestLimitExceeded",
        "RequestThrottled",
        "RequestThrottledException",
        "ServiceQuotaExceededException",
        "SlowDown",
        "ThrottledException",
        "Throttling",
        "ThrottlingException",
        "TooManyRequestsException",
    )
)
"""Too many requests, whichever status they come with: often it is 400."""
TRANSIENT = THROTTLING | {  # the same, and also with 400
    "ProvisionedThroughputExceededException",
    "RequestTimeout",
    "RequestTimeoutException",
    "TransactionInProgressException",
}
"""Another try may succeed."""


def error_name(response: ProviderResponse) -> str:
    """The name of the error in *response*, without the namespace before it and the address behind it; "" if none."""
    name = response.headers.get("x-amzn-errortype") or _name_in(_body(response))

    return name.partition(":")[0].rpartition("#")[2]


def _name_in(body: Any) -> str:
    names = (body.get(key) for key in ("__type", "code")) if isinstance(body, dict) else ()

    return next((name for name in names if isinstance(name, str)), "")


def _body(response: ProviderResponse) -> Any:
    try:
        return response.json()
    except BadReply:
        return None
