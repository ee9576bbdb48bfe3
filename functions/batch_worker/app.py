"""Batches at work: validated, worked through chunk by chunk, and their results written together."""

import gc

# What is loaded stays. Looking through it for garbage again and again takes a tenth of a cold start, so that begins
# with the first event: the handler enables it.
gc.disable()

from collections.abc import Mapping
from typing import Any

from rerank_gateway.entry.gathered_metrics import GatheredMetrics
from rerank_gateway.entry.lambda_context import LambdaContext
from rerank_gateway.entry.wiring.batches import BATCHES
from rerank_gateway.entry.worker.batches import BatchesHandler
from rerank_gateway.entry.worker.execute import JobExecutor
from rerank_gateway.entry.worker.job_log import LineLog

log = LineLog(GatheredMetrics())
handle_batches = BatchesHandler(BATCHES, JobExecutor(BATCHES, log), log)


def handler(event: Mapping[str, Any], context: LambdaContext) -> dict[str, Any]:
    return handle_batches(event, context)
