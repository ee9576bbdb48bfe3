"""Jobs at work: a batch of messages in, those that must come again out."""

from collections.abc import Mapping
from typing import Any

from rerank_gateway.entry.http import LambdaContext
from rerank_gateway.entry.worker import work_through


def handler(event: Mapping[str, Any], context: LambdaContext) -> dict[str, Any]:
    return work_through(event, context)
