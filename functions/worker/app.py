"""Jobs at work: a batch of messages in, those that must come again out."""

import gc

# What is loaded stays. Looking through it for garbage again and again takes a tenth of a cold start, so that begins
# with the first event: the handler enables it.
gc.disable()

from collections.abc import Mapping
from typing import Any

from rerank_gateway.entry.lambda_context import LambdaContext
from rerank_gateway.entry.wiring.gateway import GATEWAY
from rerank_gateway.entry.worker.execute import JobExecutor
from rerank_gateway.entry.worker.handler import BatchHandler
from rerank_gateway.entry.worker.shadows import ShadowExecutor

handle_batch = BatchHandler(GATEWAY, JobExecutor(GATEWAY), ShadowExecutor(GATEWAY))


def handler(event: Mapping[str, Any], context: LambdaContext) -> dict[str, Any]:
    return handle_batch(event, context)
