"""Asking a service for a token, as OAuth 2.0 has it (RFC 6749, 4 and 5)."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlencode

from rerank_gateway.adapters.failures import QUOTED, failure_of
from rerank_gateway.adapters.messages import Carrier, Reply
from rerank_gateway.adapters.signers.tokens import Token
from rerank_gateway.domain.errors import TargetError, TargetFailed, TargetRejectedKey

HEADERS = {"content-type": "application/x-www-form-urlencoded"}


def granted(carrier: Carrier, url: str, form: Mapping[str, str], timeout: float) -> Token:
    """The token that the service at *url* gives for *form*. Raises a TargetError where it gives none."""
    if not url.startswith(("https://", "http://")):
        raise TargetFailed("the provider's token service has no web address")
    reply = carrier.send(url, HEADERS, urlencode(form).encode("ascii"), timeout)
    if not 200 <= reply.status < 300:
        raise _refusal(reply)
    said = reply.json()
    fields = said if isinstance(said, dict) else {}

    return Token.of(fields.get("access_token"), fields.get("expires_in"))


def _refusal(reply: Reply) -> TargetError:
    """Only the key can be wrong in such a question. What the service says of it stays here, as that may quote it."""
    error = failure_of(reply)
    kind = TargetRejectedKey if isinstance(error, QUOTED) else type(error)
    said = f"the provider's token service answered {reply.status}"

    return kind(said, status_code=reply.status, retry_after=error.retry_after)
