"""Token requests, as OAuth 2.0 has them (RFC 6749, 4 and 5)."""

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
    body = reply.json()
    fields = body if isinstance(body, dict) else {}

    return Token.of(fields.get("access_token"), fields.get("expires_in"))


def _refusal(response: ProviderResponse) -> TargetError:
    """Only the key can be wrong in a token request. The service's own message is left out, as it may quote the key."""
    error = to_target_error(response)
    kind = TargetRejectedKey if isinstance(error, QUOTED_ERRORS) else type(error)
    message = f"the provider's token service answered {response.status}"

    return kind(message, status_code=response.status, retry_after=error.retry_after)
