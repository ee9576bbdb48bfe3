"""Questions for shadows, in the queue of jobs: sent from the way of a request, so without boto3."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from pydantic_core import from_json

from rerank_gateway.adapters.aws.begun_call import begin_call
from rerank_gateway.adapters.aws.json_api import AwsJsonApi
from rerank_gateway.adapters.aws.s3_objects import MAX_INLINE_BYTES
from rerank_gateway.domain.clock import Clock
from rerank_gateway.domain.deadline import Deadline
from rerank_gateway.domain.errors import Unavailable
from rerank_gateway.domain.request import RerankRequest
from rerank_gateway.domain.shadows.question import Pair, Ranked, ShadowQuestion, ShadowQueue, ShadowStatus

SHADOW = "shadow"
"""The attribute that tells such a message from a job's."""
COOLDOWN_S = 30.0
"""After an error, the queue is left alone for that long, so that not every request waits for it."""
OPTIONS = ("top_n", "max_tokens_per_doc", "default_max_tokens_per_doc", "truncate", "instruction")

Record = Mapping[str, Any]
"""A message as Lambda hands it over."""


@dataclass(slots=True)
class SqsShadowQueue(ShadowQueue):
    url: str
    sqs: AwsJsonApi
    clock: Clock
    _cools_down_until: float = field(default=0.0, init=False)
    _last: Callable[[], Any] | None = field(default=None, init=False)
    _last_sent: float = field(default=0.0, init=False)

    def send(self, question: ShadowQuestion, deadline: Deadline) -> ShadowStatus:
        text = _text_of(question)
        if len(text) > MAX_INLINE_BYTES:
            return "too_large"
        now = self.clock.calendar()
        if not self.url or now < self._cools_down_until or deadline.remaining() < self.sqs.patience.seconds:
            return "unavailable"
        attributes = {SHADOW: {"DataType": "String", "StringValue": "true"}}
        message = {"QueueUrl": self.url, "MessageBody": text, "MessageAttributes": attributes}
        try:
            self._check_last(now)
            # Its reply is for the next one to read: the caller waits for none.
            self._last, self._last_sent = begin_call(self.sqs, "SendMessage", message), now
        except Unavailable:
            self._cools_down_until = self.clock.calendar() + COOLDOWN_S
            return "unavailable"

        return "queued"

    def _check_last(self, now: float) -> None:
        """Raise Unavailable where the message before has come to nothing. Of an old one there is no telling."""
        last, self._last = self._last, None
        if last and now - self._last_sent < COOLDOWN_S:
            last()


def is_shadow(record: Record) -> bool:
    """Whether the message in *record* is a question for a shadow."""
    return SHADOW in record.get("messageAttributes", {})


def parse_shadow(record: Record) -> ShadowQuestion:
    """The question in *record*. Raises ValueError, KeyError or TypeError where there is none."""
    told = from_json(record["body"])
    texts, answered = list(told["texts"]), told["answered"]
    request = RerankRequest(
        model=told["pair"]["shadow"],
        query=told["query"],
        documents=texts,
        texts=texts,
        **{name: told.get(name) for name in OPTIONS},
    )
    ranked = Ranked(tuple(answered["order"]), answered["latency"], answered["cost"])

    return ShadowQuestion(Pair(**told["pair"]), request, ranked)


def _text_of(question: ShadowQuestion) -> str:
    request, answered = question.request, question.answered
    told = {
        "pair": question.pair._asdict(),
        "query": request.query,
        "texts": list(request.texts),
        **{name: getattr(request, name) for name in OPTIONS},
        "answered": {"order": answered.order, "latency": answered.latency, "cost": answered.cost},
    }

    # SQS refuses characters that XML does not have, so everything beyond ASCII is escaped.
    return json.dumps(told)
