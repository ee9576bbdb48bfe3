"""From an SQS event to a partial batch response: which messages must come again."""

from __future__ import annotations

import gc
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from typing import Any

from pydantic_core import to_json

from rerank_gateway.adapters.dynamodb_keys import MASTER
from rerank_gateway.adapters.sqs_queue import FINGERPRINT, JOB, STORED
from rerank_gateway.apis import native_jobs
from rerank_gateway.apis.failure import Failure
from rerank_gateway.domain.errors import InvalidRequest, Unavailable
from rerank_gateway.domain.job_ports import Message
from rerank_gateway.domain.jobs import USUAL_RESULT_TTL, Outcome
from rerank_gateway.entry import job_options, observability
from rerank_gateway.entry.http import LambdaContext
from rerank_gateway.entry.job_work import work
from rerank_gateway.entry.wiring import CLOCK, wiring
from rerank_gateway.use_cases.run_job import LONGEST_PAUSE, Again

SIDE_BY_SIDE = 10
KEPT_BACK = 5.0
"""Seconds of the function's time that are kept for recording outcomes."""
LEAST = 5.0
"""Seconds of work below which none is started."""
AFTER_TROUBLE = 30.0
"""
Seconds after which a message comes again when a part of the gateway failed: so many more each time, or an outage of an
hour would use up its hundred deliveries.
"""
RESULT_TTL = "result-ttl"

Record = Mapping[str, Any]


def work_through(event: Mapping[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Handle the messages of *event* side by side. Never raises: that would bring the finished ones back too."""
    deadline = CLOCK.now() + context.get_remaining_time_in_millis() / 1000 - KEPT_BACK
    records = event["Records"]
    _assemble()
    gc.enable()  # off since the package was loaded
    with ThreadPoolExecutor(SIDE_BY_SIDE) as threads:
        again = list(threads.map(partial(_must_come_again, deadline=deadline), records))
    unfinished = [record["messageId"] for record, comes in zip(records, again, strict=True) if comes]

    return {"batchItemFailures": [{"itemIdentifier": message} for message in unfinished]}


def _assemble() -> None:
    """Have everything put together before several threads ask for it at once. What goes wrong shows in each of them."""
    with suppress(Exception):
        wiring().ranking.admit, wiring().ranking.rerank, wiring().jobs.run(work), wiring().jobs.bury


def _must_come_again(record: Record, deadline: float) -> bool:
    again = _tried(record, deadline)
    if again and not _is_dead(record):
        # Without this it comes again as well, only later.
        with suppress(Unavailable):
            wiring().jobs.queue.hide(record["receiptHandle"], again.seconds)

    return again is not None


def _tried(record: Record, deadline: float) -> Again | None:
    try:
        return _handled(record, deadline)
    except Unavailable as error:
        observability.logger.warning("job_delayed", extra={"message_id": record["messageId"], "error": error.message})
    except Exception as error:  # one message must not bring the others back
        observability.record_bug(error, {"message_id": record["messageId"]})

    return Again(min(AFTER_TROUBLE * int(record["attributes"]["ApproximateReceiveCount"]), LONGEST_PAUSE))


def _handled(record: Record, deadline: float) -> Again | None:
    if deadline - CLOCK.now() < LEAST:
        return Again(0.0)
    message = message_of(record)
    if _is_dead(record):
        return wiring().jobs.bury(message, _abandoned(message))

    return wiring().jobs.run(work)(message, deadline)


def _is_dead(record: Record) -> bool:
    return bool(record["eventSourceARN"] == wiring().settings.dead_letter_queue_arn)


def message_of(record: Record) -> Message:
    """The message in an SQS *record*, whoever sent it."""
    said = {name: value.get("stringValue") for name, value in record.get("messageAttributes", {}).items()}
    job_id = said.get(JOB)

    def load() -> bytes:
        job_options.result_ttl(said.get(RESULT_TTL), RESULT_TTL)
        return wiring().jobs.queue.load(job_id, record["body"], stored=STORED in said)

    return Message(
        id=record["messageId"],
        load=load,
        sent_at=int(record["attributes"]["SentTimestamp"]) / 1000,
        receives=int(record["attributes"]["ApproximateReceiveCount"]),
        owner=said.get("owner") or MASTER.id,
        result_ttl=_result_ttl(said.get(RESULT_TTL)),
        job_id=job_id,
        fingerprint=said.get(FINGERPRINT, "") if job_id else "",
    )


def _result_ttl(value: str | None) -> int:
    """How long the outcome is kept; the usual time where the outcome will be that *value* is wrong."""
    try:
        return job_options.result_ttl(value, RESULT_TTL)
    except InvalidRequest:
        return USUAL_RESULT_TTL


def _abandoned(message: Message) -> Outcome:
    told = Failure(
        status=500,
        kind="server_error",
        code="job_abandoned",
        message="no worker could finish this job, however often it was tried",
        request_id=message.job_id or message.id,
    )

    return Outcome(told.status, to_json(native_jobs.failure(told)))
