"""A cross-encoder on Lambda's processors: pairs of a query and a text in, scores out. Only the gateway asks it."""

from collections.abc import Mapping
from typing import Any

from rerank_gateway.entry.lambda_context import LambdaContext
from rerank_gateway.entry.wiring.cross_encoder import load_cpu_reranker

# At once, while Lambda lends a whole processor for the start. A model that is broken is an error of this start.
rank = load_cpu_reranker()


def handler(event: Mapping[str, Any], context: LambdaContext) -> list[dict[str, Any]] | dict[str, str]:
    return rank(event, context)
