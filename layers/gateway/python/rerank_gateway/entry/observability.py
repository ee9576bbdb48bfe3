"""One log line and a few metrics a request. Nothing that a caller sent is in them but names."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, cast

from aws_lambda_powertools import Logger

from rerank_gateway.entry.attempt_metrics import NO_ATTEMPTS, attempt_fields, groups_of
from rerank_gateway.entry.context_keys import CONTEXT_KEYS, INVOCATION_KEYS, later_context
from rerank_gateway.entry.log_line import log_line
from rerank_gateway.entry.log_sampling import brief, has_whole_line
from rerank_gateway.entry.metrics import Value, emf

if TYPE_CHECKING:
    from rerank_gateway.domain.errors import Misconfigured
    from rerank_gateway.entry.request_log import RequestLog

SERVICE = "rerank-gateway"
NAMED = ("request_id", "job", "trace_id")
"""The fields by which further lines of a request are found."""
# Lambda takes the time of a line from itself only where it is written so, and counts any other as INFO.
logger = Logger(service=SERVICE, use_rfc3339=True)
_bound: dict[str, Any] = {"stack": "none", "function": "none"}
"""What is in each line of this invocation."""
_first_values: dict[str, Value] = {}
"""Values of metrics that the next line tells, and no other."""
_share: list[float] = [1.0]
"""Of the successes, which have whole lines."""


@logger.inject_lambda_context
def _bind(_: None, context: object) -> None:
    """What Powertools takes from *context*. No event goes in: POWERTOOLS_LOGGER_LOG_EVENT would have it logged."""


def bind_invocation(context: Any, stack: str, xray_id: str = "", success_share: float = 1.0) -> None:
    """
    Have each line of this invocation say by which function of which *stack*, by which request of Lambda's and under
    which of X-Ray's traces it was written, and whether the environment is new; of the successes, a *success_share* has
    whole lines. *context* is Lambda's.

    It holds for all threads, as an environment serves one invocation at a time.
    """
    keys = logger.get_current_keys()
    if "cold_start" in keys:
        logger.append_keys(**later_context(context))
    else:
        _bind(None, context)
    logger.append_keys(stack=stack, function=context.function_name)
    _bound.clear()
    names = CONTEXT_KEYS if keys["cold_start"] else INVOCATION_KEYS
    _bound.update({name: keys[name] for name in names}, stack=stack, function=context.function_name)
    _share[:] = [success_share]
    if xray_id:
        _bound["xray_trace_id"] = xray_id
    if keys["cold_start"]:
        _first_values["ColdStarts"] = 1


def log_request(event: str, fields: Mapping[str, Any], log: RequestLog) -> None:
    """
    Log *event* with its *fields*, at least `status` and `ms`, and what is in *log*; CloudWatch reads the metrics out of
    the same line. Attempts at other targets than the one that it ended with have a line of their own, as one line can
    name but one. What of the successes is not to be told in whole lines is told in brief ones.
    """
    values: dict[str, Value] = {"Requests": 1, "Latency": fields["ms"], **(log.values if log.counts_attempts else {})}
    by = {name: fields[name] for name in ("team", *(("app",) if log.counts_app else ())) if name in fields}
    if fields["status"] >= 500 and not fields.get("busy"):
        values["Errors"] = 1
    if log.attempts:
        fields = {**fields, "attempts": [attempt_fields(attempt) for attempt in log.attempts]}
    if log.attempts and log.counts_attempts:
        *others, main = groups_of(log.attempts, fields.get("target")) or [NO_ATTEMPTS]
        values, by = values | main.values(), by | main.dimensions(log.targets)
        for group in others:
            tried = [attempt_fields(attempt) for attempt in group.attempts]
            names = {name: fields[name] for name in NAMED if name in fields}
            _write("target_tried", {**names, "attempts": tried}, group.values(), group.dimensions(log.targets))
    own = log.own(values, by)
    if _bound.get("cold_start") or has_whole_line(fields, log.attempts, _share[0]):
        _write(event, fields, own, by)
    else:
        _put({"message": event, **brief(fields)}, own, by)


def log_refusal(event: str, fields: Mapping[str, Any]) -> None:
    """Log *event* without metrics: strangers can send many of these, and every byte of the log is paid for."""
    _write(event, fields, {}, {})


def log_change(event: str, fields: Mapping[str, Any]) -> None:
    """Log *event*, a change of keys, teams or webhooks: the line of an audit."""
    logger.info(event, extra=fields)


def log_done(
    event: str, fields: Mapping[str, Any], values: Mapping[str, Value], by: Mapping[str, str] | None = None
) -> None:
    """Log *event*, which is no request's, and *values* of metrics *by* dimensions beside the function's."""
    _write(event, fields, values, by or {})


def log_mistake(mistake: Misconfigured) -> None:
    """Log what is wrong in the operator's configuration, in full."""
    counted = emf({"ConfigurationRefused": 1}, _place())
    logger.error("configuration_refused", extra={"reason": mistake.reason, **counted})


def log_warning(event: str, fields: Mapping[str, Any], values: Mapping[str, Value] | None = None) -> None:
    """Log *event*, which an operator may have to do something about, and *values* of metrics."""
    logger.warning(event, extra={**fields, **(emf(values, _place()) if values else {})})


def log_bug(error: Exception, fields: Mapping[str, Any]) -> None:
    """Log where *error* came from. Its words stay out: they may quote the request."""
    frames = traceback.extract_tb(error.__traceback__)
    stack = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames]
    logger.error("bug_found", extra={**fields, "kind": type(error).__name__, "place": stack})


def _place() -> dict[str, str]:
    return {"stack": _bound["stack"], "function": _bound["function"]}


def _write(event: str, fields: Mapping[str, Any], values: Mapping[str, Value], by: Mapping[str, str]) -> None:
    _put({"message": event, "service": SERVICE, **_bound, **fields}, values, by)


def _put(fields: Mapping[str, Any], values: Mapping[str, Value], by: Mapping[str, str]) -> None:
    """
    A line, in the form of Powertools' but by hand: on the way of each request, theirs takes as long as all else.
    """
    if logger.log_level > logging.INFO:
        return
    metrics: Mapping[str, Any] = {}
    if values:
        first = {name: _first_values.pop(name) for name in list(_first_values)}
        metrics = emf({**values, **first}, {**_place(), **by})
    text = log_line({**fields, **metrics})
    handler = cast("logging.StreamHandler[Any]", logger.registered_handler)
    handler.acquire()
    try:
        handler.stream.write(text)
        handler.flush()
    finally:
        handler.release()
