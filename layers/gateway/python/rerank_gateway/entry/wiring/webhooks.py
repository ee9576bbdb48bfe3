"""Assembly of what tells of the ends of jobs and batches by webhooks."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from secrets import token_bytes

from rerank_gateway.adapters.aws.dynamodb_webhooks import DynamoDeliveries, DynamoEndpoints
from rerank_gateway.adapters.aws.json_api import DYNAMODB, SQS
from rerank_gateway.adapters.aws.webhook_queue import QUEUE, SqsWebhookQueue
from rerank_gateway.adapters.aws.webhooks_table import WEBHOOKS, WebhooksTable
from rerank_gateway.domain.webhooks.addresses import is_loopback, is_public
from rerank_gateway.domain.webhooks.signatures import SECRET_BYTES, secret_of
from rerank_gateway.entry.wiring.environment import CLOCK, RNG, Environment
from rerank_gateway.use_cases.webhooks.deliver import DeliverWebhook
from rerank_gateway.use_cases.webhooks.deliveries import ManageDeliveries
from rerank_gateway.use_cases.webhooks.endpoints import ManageEndpoints
from rerank_gateway.use_cases.webhooks.require import RequireWebhook


@dataclass(frozen=True)
class WebhookServices:
    environment: Environment

    @cached_property
    def require(self) -> RequireWebhook:
        return RequireWebhook(self._endpoints)

    @cached_property
    def queue(self) -> SqsWebhookQueue:
        sqs = self.environment.aws.api(SQS, QUEUE)

        return SqsWebhookQueue(self.environment.settings.webhooks_queue_url, sqs)

    @cached_property
    def deliver(self) -> DeliverWebhook:
        # Only who delivers needs what sends.
        from rerank_gateway.adapters.transports.connection import trust
        from rerank_gateway.adapters.transports.sockets import resolve
        from rerank_gateway.adapters.transports.webhooks import HttpsWebhookSender

        sender = HttpsWebhookSender(self._is_allowed, resolve, trust)

        return DeliverWebhook(self._endpoints, self._deliveries, sender, CLOCK, RNG)

    @cached_property
    def endpoints(self) -> ManageEndpoints:
        return ManageEndpoints(self._endpoints, new_secret, CLOCK, self.environment.settings.reaches_loopback)

    @cached_property
    def deliveries(self) -> ManageDeliveries:
        return ManageDeliveries(self._endpoints, self._deliveries, self.queue, CLOCK)

    def _is_allowed(self, address: str) -> bool:
        return is_public(address) or (self.environment.settings.reaches_loopback and is_loopback(address))

    @property
    def _endpoints(self) -> DynamoEndpoints:
        return DynamoEndpoints(self._table)

    @property
    def _deliveries(self) -> DynamoDeliveries:
        return DynamoDeliveries(self._table)

    @property
    def _table(self) -> WebhooksTable:
        return WebhooksTable(self.environment.settings.webhooks_table, self.environment.aws.api(DYNAMODB, WEBHOOKS))


def new_secret() -> str:
    """One of 256 bits from the operating system."""
    return secret_of(token_bytes(SECRET_BYTES))
