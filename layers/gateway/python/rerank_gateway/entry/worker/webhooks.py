"""From an SQS event to a partial batch response, where the messages are webhooks."""

from __future__ import annotations

import gc
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from rerank_gateway.domain.errors import Unavailable
from rerank_gateway.domain.trace import xray_id
from rerank_gateway.domain.webhooks.deliveries import DeliveryStatus
from rerank_gateway.domain.webhooks.events import WebhookMessage
from rerank_gateway.entry import observability

if TYPE_CHECKING:
    from rerank_gateway.entry.lambda_context import LambdaContext
    from rerank_gateway.entry.worker.services import WebhookServices
    from rerank_gateway.use_cases.webhooks.deliver import Delivered

MAX_PARALLEL = 10
OUTAGE_PAUSE_S, MAX_OUTAGE_PAUSE_S = 60.0, 900.0
"""
Seconds after which a message comes again when a part of the gateway failed, for each time that it has come, and the
most of them: SQS gives up what has come a thousand times, which is then after ten days.
"""
COUNTED = {
    DeliveryStatus.DELIVERED: "WebhooksDelivered",
    DeliveryStatus.PENDING: "WebhooksRetried",
    DeliveryStatus.FAILED: "WebhooksFailed",
}

Record = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class WebhookHandler:
    services: WebhookServices

    def __call__(self, event: Mapping[str, Any], context: LambdaContext) -> dict[str, Any]:
        """The partial batch response to *event*. Never raises: that would bring the delivered messages back too."""
        services = self.services
        observability.bind_invocation(context, services.stack, xray_id(services.xray_header), services.success_share)
        with suppress(Exception):
            # Assembled before several threads need it at once. What goes wrong shows in each of them.
            _ = services.webhook_queue, services.deliver_webhook
        gc.enable()  # off since the function was loaded
        records = event["Records"]
        with ThreadPoolExecutor(MAX_PARALLEL) as threads:
            again = list(threads.map(self._comes_again, records))
        unfinished = [record["messageId"] for record, is_wanted in zip(records, again, strict=True) if is_wanted]

        return {"batchItemFailures": [{"itemIdentifier": message_id} for message_id in unfinished]}

    def _comes_again(self, record: Record) -> bool:
        seconds = self._handle(record)
        if seconds is not None:
            # Without this it comes again as well, only at another time.
            with suppress(Unavailable):
                self.services.webhook_queue.extend_visibility(record, seconds)

        return seconds is not None

    def _handle(self, record: Record) -> float | None:
        """Seconds after which the message of *record* must come again; None when it is done with."""
        try:
            message = self.services.webhook_queue.parse_record(record)
            done = self.services.deliver_webhook(message)
            _log(message, done)
        except Unavailable as error:
            fields = {"message_id": record["messageId"], "error": error.message, "cause": error.cause}
            observability.logger.warning("webhook_delayed", extra=fields)
        except Exception as error:  # one message must not bring the others back
            observability.log_bug(error, {"message_id": record["messageId"]})
        else:
            return done.come_again

        return min(OUTAGE_PAUSE_S * int(record["attributes"]["ApproximateReceiveCount"]), MAX_OUTAGE_PAUSE_S)


def _log(message: WebhookMessage, done: Delivered) -> None:
    """A line a try: which webhook, about what, and what came of it."""
    event, delivery = message.event, done.delivery
    if delivery is None:
        return
    last = delivery.attempts[-1]
    fields = {
        "webhook": message.endpoint,
        "webhook_id": event.message_id,
        "type": event.type,
        "subject": event.subject,
        "tries": delivery.tries,
        "ms": last.milliseconds,
        **({"status": last.status_code} if last.failure is None else {"error": last.failure}),
    }
    observability.log_done("webhook_tried", fields, {COUNTED[delivery.status]: 1})
