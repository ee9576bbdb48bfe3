"""Calls to AWS whose reply nobody waits for yet."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from rerank_gateway.adapters.aws.json_api import AwsJsonApi, TransientError
from rerank_gateway.domain.deadline import Deadline
from rerank_gateway.domain.errors import TargetError

ARRIVAL_S = 0.5
"""
Seconds for a reply to come when it is wanted at last, long after the call as a rule. What has not come by then is lost:
a frozen process receives nothing, and whoever sent it has given up.
"""


def begin_call(api: AwsJsonApi, operation: str, parameters: Mapping[str, Any]) -> Callable[[], dict[str, Any]]:
    """
    Send a call, once, and go on; the result brings the reply. Before that returns, whatever was sent is on its way,
    whether this process is frozen or ends.

    Both raise AwsError, or Unavailable where there is nothing to sign with.
    """
    call, clock = f"{api.service.name}.{operation}", api.session.clock
    request = api.signed(operation, parameters)
    try:
        await_response = api.session.transport().begin(request, Deadline.after(clock, api.patience.seconds))
    except TargetError as error:
        raise TransientError(api.what, f"{call} {type(error.__cause__ or error).__name__}") from error

    def reply() -> dict[str, Any]:
        try:
            response = await_response(Deadline.after(clock, ARRIVAL_S))
        except TargetError as error:
            raise TransientError(api.what, f"{call} {type(error.__cause__ or error).__name__}") from error

        return api.understood(call, response)

    return reply
