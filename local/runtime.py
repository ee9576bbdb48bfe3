"""What Lambda does with a function: import it, give it a context, call it."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.util import module_from_spec, spec_from_file_location
from time import monotonic
from typing import Any
from uuid import uuid4

from local.events import ACCOUNT
from local.routes import Invoke
from local.template import Function


@dataclass(frozen=True, slots=True)
class Context:
    """Lambda's context object for one invocation."""

    function_name: str
    memory_limit_in_mb: int
    invoked_function_arn: str
    log_group_name: str
    log_stream_name: str
    ends: float
    function_version: str = "$LATEST"
    aws_request_id: str = field(default_factory=lambda: str(uuid4()))

    def get_remaining_time_in_millis(self) -> int:
        return max(int((self.ends - monotonic()) * 1000), 0)


def running(function: Function, region: str) -> Invoke:
    """*function*, imported once and ready to be invoked, from several threads if need be."""
    handler = _handler(function)
    stream = f"{datetime.now(UTC):%Y/%m/%d}/[$LATEST]{uuid4().hex}"

    def invoke(event: Mapping[str, Any]) -> Any:
        return handler(event, _context(function, region, stream))

    return invoke


def _handler(function: Function) -> Callable[[Mapping[str, Any], Context], Any]:
    # Every function has its `app.py`, so each gets a module name of its own.
    name = f"functions_{function.name}"
    spec = spec_from_file_location(name, function.file)
    if spec is None or spec.loader is None:
        raise ImportError(f"{function.name}: {function.file} is no Python file")
    module = sys.modules[name] = module_from_spec(spec)
    spec.loader.exec_module(module)
    handler: Callable[[Mapping[str, Any], Context], Any] = getattr(module, function.handler)

    return handler


def _context(function: Function, region: str, stream: str) -> Context:
    return Context(
        function_name=function.name,
        memory_limit_in_mb=function.memory,
        invoked_function_arn=f"arn:aws:lambda:{region}:{ACCOUNT}:function:{function.name}",
        log_group_name=f"/aws/lambda/{function.name}",
        log_stream_name=stream,
        ends=monotonic() + function.timeout,
    )
