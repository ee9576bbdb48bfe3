"""What is checked around each call to AWS: that there is time for it, and that its reply is a whole one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from pydantic_core import from_json

from rerank_gateway.domain.deadline import Deadline

CONNECT_TIMEOUT_S, READ_TIMEOUT_S = 1.0, 3.0
"""Seconds that one try of a call waits for a connection, and then for each part of a reply."""
_DEADLINE: ContextVar[Deadline | None] = ContextVar("deadline", default=None)


@contextmanager
def calls_before(deadline: Deadline | None) -> Iterator[None]:
    """Within the block, calls to AWS are over at *deadline*."""
    token = _DEADLINE.set(deadline)
    try:
        yield
    finally:
        _DEADLINE.reset(token)


def refuse_late_call(request: Any, **_: Any) -> None:
    """Raise when a try would not be over in time. boto3 takes its timeouts for a client, and none for a call."""
    from botocore.exceptions import ReadTimeoutError

    deadline = _DEADLINE.get()
    if deadline and deadline.remaining() < CONNECT_TIMEOUT_S + READ_TIMEOUT_S:
        raise ReadTimeoutError(endpoint_url=request.url)


def refuse_broken_reply(operation_model: Any, response_dict: Any, **_: Any) -> None:
    """
    Raise when a reply is not all there.

    boto3 takes a body that is empty or broken off for one that says nothing: an item that is there is then not found.
    """
    from botocore.exceptions import ResponseStreamingError

    speaks_json = operation_model.service_model.resolved_protocol.startswith("json")
    if not speaks_json or response_dict["status_code"] != 200 or operation_model.output_shape is None:
        return
    try:
        from_json(response_dict["body"])
    except ValueError as error:
        raise ResponseStreamingError(error=error) from error
