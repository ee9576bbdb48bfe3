"""Jobs at work: a batch of messages in, those that must come again out."""

from collections.abc import Mapping
from typing import Any

from rerank_gateway.entry.http.handler import LambdaContext
from rerank_gateway.entry.worker.handler import handle_batch


def handler(event: Mapping[str, Any], context: LambdaContext) -> dict[str, Any]:
    return handle_batch(event, context)
