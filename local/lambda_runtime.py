"""What Lambda does with a function: import it, give it a context, invoke it."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.util import module_from_spec, spec_from_file_location
from time import monotonic
from typing import Any
from uuid import uuid4

from local.cloudformation.template import Function

ACCOUNT_ID = "123456789012"
"""The embedded AWS's account, too."""

Invoke = Callable[[Mapping[str, Any]], Any]
"""Runs a function on an event and returns its result."""


@dataclass(frozen=True, slots=True)
class LambdaContext:
    """Lambda's context object for one invocation."""

    function_name: str
    memory_limit_in_mb: str
    invoked_function_arn: str
    log_group_name: str
    log_stream_name: str
    deadline: float
    function_version: str = "$LATEST"
    aws_request_id: str = field(default_factory=lambda: str(uuid4()))

    def get_remaining_time_in_millis(self) -> int:
        return max(int((self.deadline - monotonic()) * 1000), 0)


def load_function(function: Function, region: str) -> Invoke:
    """Import *function* once; it can be invoked from several threads."""
    handler = _import_handler(function)
    log_stream = f"{datetime.now(UTC):%Y/%m/%d}/[$LATEST]{uuid4().hex}"

    def invoke(event: Mapping[str, Any]) -> Any:
        return handler(event, _context(function, region, log_stream))

    return invoke


def _import_handler(function: Function) -> Callable[[Mapping[str, Any], LambdaContext], Any]:
    # Every function has its `app.py`, so each gets a module name of its own.
    name = f"functions_{function.name}"
    spec = spec_from_file_location(name, function.file)
    if spec is None or spec.loader is None:
        raise ImportError(f"{function.name}: {function.file} is no Python file")
    module = sys.modules[name] = module_from_spec(spec)
    spec.loader.exec_module(module)
    handler: Callable[[Mapping[str, Any], LambdaContext], Any] = getattr(module, function.handler)

    return handler


def _context(function: Function, region: str, log_stream: str) -> LambdaContext:
    return LambdaContext(
        function_name=function.name,
        memory_limit_in_mb=str(function.memory_mb),
        invoked_function_arn=f"arn:aws:lambda:{region}:{ACCOUNT_ID}:function:{function.name}",
        log_group_name=f"/aws/lambda/{function.name}",
        log_stream_name=log_stream,
        deadline=monotonic() + function.timeout_seconds,
    )
