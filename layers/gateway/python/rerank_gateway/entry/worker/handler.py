"""From an SQS event to a partial batch response: which messages must come again."""

from __future__ import annotations

import gc
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from typing import Any

from pydantic_core import to_json

from rerank_gateway.adapters.aws.dynamodb_keys import MASTER
from rerank_gateway.adapters.aws.sqs_queue import FINGERPRINT, JOB, STORED
from rerank_gateway.apis import native_jobs
from rerank_gateway.apis.shared.error import HttpError
from rerank_gateway.domain.errors import InvalidRequest, Unavailable
from rerank_gateway.domain.jobs.job import DEFAULT_RESULT_TTL_S, Outcome
from rerank_gateway.domain.jobs.ports import JobMessage
from rerank_gateway.entry import observability
from rerank_gateway.entry.http.handler import LambdaContext
from rerank_gateway.entry.routes import job_options
from rerank_gateway.entry.wiring.container import CLOCK, wiring
from rerank_gateway.entry.worker.execute import execute_job
from rerank_gateway.use_cases.jobs.run import MAX_BACKOFF_S, Redeliver

MAX_PARALLEL_JOBS = 10
RECORDING_RESERVE_S = 5.0
"""Seconds of the function's time that are kept for recording outcomes."""
MIN_WORK_S = 5.0
"""Seconds of work below which none is started."""
OUTAGE_BACKOFF_S = 30.0
"""
Seconds after which a message comes again when a part of the gateway failed: so many more each time, or an outage of an
hour would use up its hundred deliveries.
"""
RESULT_TTL = "result-ttl"

Record = Mapping[str, Any]


def handle_batch(event: Mapping[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Handle the messages of *event* side by side. Never raises: that would bring the finished ones back too."""
    observability.bind_invocation(context)
    deadline = CLOCK.now() + context.get_remaining_time_in_millis() / 1000 - RECORDING_RESERVE_S
    records = event["Records"]
    _assemble()
    gc.enable()  # off since the package was loaded
    with ThreadPoolExecutor(MAX_PARALLEL_JOBS) as threads:
        again = list(threads.map(partial(_needs_redelivery, deadline=deadline), records))
    unfinished = [record["messageId"] for record, comes in zip(records, again, strict=True) if comes]

    return {"batchItemFailures": [{"itemIdentifier": message} for message in unfinished]}


def _assemble() -> None:
    """Have everything put together before several threads ask for it at once. What goes wrong shows in each of them."""
    with suppress(Exception):
        wiring().ranking.admit, wiring().ranking.rerank, wiring().jobs.run(execute_job), wiring().jobs.abandon


def _needs_redelivery(record: Record, deadline: float) -> bool:
    again = _try(record, deadline)
    if again and not _is_dead(record):
        # Without this it comes again as well, only later.
        with suppress(Unavailable):
            wiring().jobs.queue.extend_visibility(record["receiptHandle"], again.seconds)

    return again is not None


def _try(record: Record, deadline: float) -> Redeliver | None:
    try:
        return _handle(record, deadline)
    except Unavailable as error:
        observability.logger.warning("job_delayed", extra={"message_id": record["messageId"], "error": error.message})
    except Exception as error:  # one message must not bring the others back
        observability.log_bug(error, {"message_id": record["messageId"]})

    return Redeliver(min(OUTAGE_BACKOFF_S * int(record["attributes"]["ApproximateReceiveCount"]), MAX_BACKOFF_S))


def _handle(record: Record, deadline: float) -> Redeliver | None:
    if deadline - CLOCK.now() < MIN_WORK_S:
        return Redeliver(0.0)
    message = parse_message(record)
    if _is_dead(record):
        return wiring().jobs.abandon(message, _abandoned_outcome(message))

    return wiring().jobs.run(execute_job)(message, deadline)


def _is_dead(record: Record) -> bool:
    return bool(record["eventSourceARN"] == wiring().settings.dead_letter_queue_arn)


def parse_message(record: Record) -> JobMessage:
    """The message in an SQS *record*, whoever sent it."""
    said = {name: value.get("stringValue") for name, value in record.get("messageAttributes", {}).items()}
    job_id = said.get(JOB)

    def load() -> bytes:
        job_options.result_ttl(said.get(RESULT_TTL), RESULT_TTL)
        return wiring().jobs.queue.load(job_id, record["body"], stored=STORED in said)

    return JobMessage(
        id=record["messageId"],
        load=load,
        sent_at=int(record["attributes"]["SentTimestamp"]) / 1000,
        receive_count=int(record["attributes"]["ApproximateReceiveCount"]),
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
        return DEFAULT_RESULT_TTL_S


def _abandoned_outcome(message: JobMessage) -> Outcome:
    told = HttpError(
        status=500,
        kind="server_error",
        code="job_abandoned",
        message="no worker could finish this job, however often it was tried",
        request_id=message.job_id or message.id,
    )

    return Outcome(told.status, to_json(native_jobs.render_error(told)))
