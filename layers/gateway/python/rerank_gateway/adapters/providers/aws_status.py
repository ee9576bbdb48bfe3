"""What AWS's services mean by the status of an error."""

from __future__ import annotations

from rerank_gateway.adapters.providers import statuses
from rerank_gateway.adapters.transports.messages import ProviderResponse

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
"""The names of errors that mean too many requests, whichever status they come with: often it is 400."""


def aws_status(response: ProviderResponse) -> int:
    return 429 if response.status >= 400 and _error_name(response) in THROTTLING else response.status


def _error_name(response: ProviderResponse) -> str:
    """The name of the error, without the namespace before it and the address behind it."""
    name = response.headers.get("x-amzn-errortype") or _name_in_body(response)

    return name.partition(":")[0].rpartition("#")[2]


def _name_in_body(response: ProviderResponse) -> str:
    body = statuses.error_object(response)
    names = (body.get(key) for key in ("__type", "code"))

    return next((name for name in names if isinstance(name, str)), "")
