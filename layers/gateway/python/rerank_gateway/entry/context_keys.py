"""What Powertools puts into a log line of Lambda's context, under its names."""

from __future__ import annotations

from typing import Any

INVOCATION_KEYS = ("cold_start", "function_request_id")
CONTEXT_KEYS = (*INVOCATION_KEYS, "function_name", "function_memory_size", "function_arn")
"""An environment's first line has all of them, as the rest never changes."""


def later_context(context: Any) -> dict[str, Any]:
    """
    The same of *context*, one of an environment that has had another before. By hand: Powertools' way takes a twentieth
    of our time at ten documents.
    """
    return {
        "cold_start": False,
        "function_name": context.function_name,
        "function_memory_size": context.memory_limit_in_mb,
        "function_arn": context.invoked_function_arn,
        "function_request_id": context.aws_request_id,
    }
