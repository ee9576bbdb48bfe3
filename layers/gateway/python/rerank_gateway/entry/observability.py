"""One log line and a few metrics a request. Nothing that a caller sent is in them but names."""

from __future__ import annotations

import traceback
from collections.abc import Mapping, Sequence
from typing import Any

from aws_lambda_powertools import Logger
from aws_lambda_powertools.metrics import EphemeralMetrics, MetricUnit

from rerank_gateway.domain.answer import Attempt

SERVICE = "rerank-gateway"
logger = Logger(service=SERVICE)


def record(event: str, fields: Mapping[str, Any], attempts: Sequence[Attempt] = ()) -> None:
    """Log *event* with its *fields*, in CloudWatch's embedded metric format count it and its *attempts*."""
    logger.info(event, extra={**fields, "attempts": [_told(attempt) for attempt in attempts]})
    _count(fields, attempts)


def record_bug(error: Exception, fields: Mapping[str, Any]) -> None:
    """Log where *error* came from. Its words stay out: they may quote the request."""
    frames = traceback.extract_tb(error.__traceback__)
    place = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames]
    logger.error("bug_found", extra={**fields, "kind": type(error).__name__, "place": place})


def _told(attempt: Attempt) -> dict[str, Any]:
    error = attempt.error.code if attempt.error else None

    return {
        "target": str(attempt.target)[:200],
        "status_code": attempt.status_code,
        "error": error,
        "ms": round(attempt.latency * 1000, 1),
    }


def _count(fields: Mapping[str, Any], attempts: Sequence[Attempt]) -> None:
    metrics = EphemeralMetrics(namespace="RerankGateway", service=SERVICE)
    # Every new value of a dimension is a metric to pay for: callers choose models, but not the providers.
    metrics.add_dimension("provider", attempts[-1].target.provider if attempts else "none")
    metrics.add_metric("Requests", MetricUnit.Count, 1)
    metrics.add_metric("Failures", MetricUnit.Count, int(fields["status"] >= 500))
    metrics.add_metric("Attempts", MetricUnit.Count, len(attempts))
    metrics.add_metric("UpstreamLatency", MetricUnit.Milliseconds, sum(a.latency for a in attempts) * 1000)
    metrics.add_metric("Latency", MetricUnit.Milliseconds, fields["ms"])
    metrics.flush_metrics()
