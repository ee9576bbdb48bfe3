"""Assembly of what asks shadows. Only the first alias that has one needs it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from rerank_gateway.adapters.aws.json_api import SQS
from rerank_gateway.adapters.aws.patience import FAIL_FAST
from rerank_gateway.adapters.aws.sqs_shadows import SqsShadowQueue
from rerank_gateway.entry.wiring.environment import CLOCK, RNG, Environment
from rerank_gateway.use_cases.rerank import Rerank
from rerank_gateway.use_cases.shadows.compare import CompareShadow
from rerank_gateway.use_cases.shadows.offer import OfferShadow


@dataclass(frozen=True)
class ShadowServices:
    environment: Environment
    rerank: Rerank

    @cached_property
    def offer(self) -> OfferShadow:
        url, sqs = self.environment.settings.jobs_queue_url, self.environment.aws.api(SQS, "the queue", FAIL_FAST)

        return OfferShadow(self.environment.routing, SqsShadowQueue(url, sqs, CLOCK), RNG)

    @cached_property
    def compare(self) -> CompareShadow:
        from rerank_gateway.adapters.aws.dynamodb_shadows import DynamoShadowRecords

        return CompareShadow(self.rerank, DynamoShadowRecords(self.environment.settings.usage_table), CLOCK)
