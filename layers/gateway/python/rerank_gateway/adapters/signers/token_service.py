"""Asking a service for a token, as OAuth 2.0 has it (RFC 6749, 4 and 5)."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlencode

from rerank_gateway.adapters.providers.errors import QUOTED_ERRORS, to_target_error
from rerank_gateway.adapters.signers.tokens import Token
from rerank_gateway.adapters.transports.messages import ProviderRequest, ProviderResponse, Transport
from rerank_gateway.domain.deadline import Deadline
from rerank_gateway.domain.errors import TargetError, TargetFailed, TargetRejectedKey

HEADERS = {"content-type": "application/x-www-form-urlencoded"}


def request_token(transport: Transport, url: str, form: Mapping[str, str], deadline: Deadline) -> Token:
    """The token that the service at *url* gives for *form*. Raises a TargetError where it gives none."""
    if not url.startswith(("https://", "http://")):
        raise TargetFailed("the provider's token service has no web address")
    reply = transport.send(ProviderRequest(url, HEADERS, urlencode(form).encode("ascii")), deadline)
    if not 200 <= reply.status < 300:
        raise _refusal(reply)
    said = reply.json()
    fields = said if isinstance(said, dict) else {}

    return Token.of(fields.get("access_token"), fields.get("expires_in"))


def _refusal(reply: ProviderResponse) -> TargetError:
    """Only the key can be wrong in such a question. What the service says of it stays here, as that may quote it."""
    error = to_target_error(reply)
    kind = TargetRejectedKey if isinstance(error, QUOTED_ERRORS) else type(error)
    said = f"the provider's token service answered {reply.status}"

    return kind(said, status_code=reply.status, retry_after=error.retry_after)
