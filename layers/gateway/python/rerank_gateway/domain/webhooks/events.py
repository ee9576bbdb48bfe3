"""What a webhook tells of: Standard Webhooks 1.0's payload, and the id by which receivers know a message."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256

from rerank_gateway.domain.jobs.job import rfc3339


class EventType(StrEnum):
    """Of jobs by Bifrost's names, of batches by OpenAI's."""

    JOB_COMPLETED = "async_job.completed"
    JOB_FAILED = "async_job.failed"
    BATCH_COMPLETED = "batch.completed"
    BATCH_FAILED = "batch.failed"
    BATCH_EXPIRED = "batch.expired"
    BATCH_CANCELLED = "batch.cancelled"
    TEST = "webhook.test"


@dataclass(frozen=True, slots=True)
class WebhookEvent:
    """
    What happened to *subject*, the id of a job or a batch, at the moment *at* in epoch seconds. *data* is thin: ids,
    states and counts, and nothing of what was ranked.
    """

    type: EventType
    subject: str
    at: float
    data: Mapping[str, object]

    @property
    def message_id(self) -> str:
        """The same however often this end of the subject is told."""
        return f"msg_{sha256(json.dumps([self.type, self.subject, self.at]).encode()).hexdigest()[:32]}"

    @property
    def body(self) -> str:
        return json.dumps({"type": self.type, "timestamp": rfc3339(self.at), "data": self.data})


@dataclass(frozen=True, slots=True)
class WebhookMessage:
    """
    An *event* on its way to the *endpoint* of this name. *run* counts how often it was to be delivered once more:
    a message of an earlier run is void.
    """

    endpoint: str
    event: WebhookEvent
    run: int = 0
