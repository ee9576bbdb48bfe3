"""What the worker needs of the gateway, beside what routes need too (entry/services.py)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from math import inf
from typing import Any, Protocol

from rerank_gateway.domain.clock import Clock
from rerank_gateway.domain.jobs.ports import ExecuteJob, JobMessage
from rerank_gateway.domain.keys import VirtualKey
from rerank_gateway.domain.shadows.question import ShadowQuestion
from rerank_gateway.domain.webhooks.events import WebhookMessage
from rerank_gateway.entry.services import Configured, InvocationServices, Limiting, Logging, Ranking
from rerank_gateway.entry.shadow_services import Shadowing
from rerank_gateway.use_cases.jobs.abandon import AbandonJob
from rerank_gateway.use_cases.jobs.isolate import IsolateJob
from rerank_gateway.use_cases.jobs.run import RunJob
from rerank_gateway.use_cases.spending.reserve_again import ReserveAgain
from rerank_gateway.use_cases.webhooks.deliver import DeliverWebhook


class ExecutionServices(Ranking, Limiting, Logging, Shadowing, Protocol):
    """What the execution of a job's request needs."""

    def find_owner(self, key_id: str, max_age: float = inf) -> VirtualKey | None:
        """
        The key of whom a producer names as the owner of a job, if it is known, as it was so many seconds ago at most.
        Raises FaultyKey or Unavailable.
        """

    @property
    def reserve_again(self) -> ReserveAgain: ...
    @property
    def clock(self) -> Clock: ...
    @property
    def counted_targets(self) -> Collection[str]:
        """The targets that the configuration names, which are counted by name."""


class MessageQueue(Protocol):
    """The queue that a worker's messages come from; a *record* is one as Lambda hands it over."""

    def parse_record(self, record: Mapping[str, Any]) -> JobMessage: ...

    def is_dead_letter(self, record: Mapping[str, Any]) -> bool:
        """Whether SQS has given the message up."""

    def is_shadow(self, record: Mapping[str, Any]) -> bool:
        """Whether it is no job, but a question for a shadow."""

    def parse_shadow(self, record: Mapping[str, Any]) -> ShadowQuestion:
        """That question. Raises ValueError, KeyError or TypeError where there is none."""

    def extend_visibility(self, record: Mapping[str, Any], seconds: float) -> None:
        """Have the message come back after so many *seconds*. Raises Unavailable."""


class WebhookMessages(Protocol):
    """The queue that webhooks come from."""

    def parse_record(self, record: Mapping[str, Any]) -> WebhookMessage: ...

    def extend_visibility(self, record: Mapping[str, Any], seconds: float) -> None:
        """Have the message come back after so many *seconds*. Raises Unavailable."""


class WebhookServices(Protocol):
    """What a batch of webhooks needs."""

    @property
    def stack(self) -> str: ...
    @property
    def xray_header(self) -> str: ...
    @property
    def success_share(self) -> float: ...
    @property
    def webhook_queue(self) -> WebhookMessages: ...
    @property
    def deliver_webhook(self) -> DeliverWebhook: ...


class WorkerServices(InvocationServices, Configured, ExecutionServices, Protocol):
    """What a batch of messages needs."""

    @property
    def queue(self) -> MessageQueue: ...
    @property
    def abandon_job(self) -> AbandonJob: ...
    @property
    def isolate_job(self) -> IsolateJob: ...

    def run_job(self, execute: ExecuteJob) -> RunJob:
        """The use case that has *execute* do a job's work."""
