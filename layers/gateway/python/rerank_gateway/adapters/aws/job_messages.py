"""Jobs as messages of SQS: what is written into one, and what is read out of one, whoever has sent it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from pydantic_core import from_json

from rerank_gateway.adapters.aws.dynamodb_keys import MASTER
from rerank_gateway.adapters.aws.s3_objects import MAX_INLINE_BYTES, S3Objects
from rerank_gateway.domain.errors import InvalidRequest
from rerank_gateway.domain.jobs.job import Job
from rerank_gateway.domain.jobs.ports import JobMessage
from rerank_gateway.domain.jobs.result_ttl import DEFAULT_RESULT_TTL_S, parse_result_ttl
from rerank_gateway.domain.trace import trace_of
from rerank_gateway.domain.webhooks.endpoints import NAME, must_be_a_name

JOB = "job"
"""The attribute that names the job; what a producer sends by itself has none."""
FINGERPRINT = "fingerprint"
"""The attribute that says which request the job was made for."""
STORED = "stored"
"""The attribute of a message whose request lies in the bucket, under the job's id."""
SIZE = "bytes"
"""The attribute with the size of a request that lies in the bucket."""
MAX_STORED_BYTES = 20 * 1024 * 1024
"""What gzip may stretch a request to (entry/http/body.py)."""
OWNER = "owner"
"""The attribute in which a producer says whose its job is."""
MAX_OWNER_CHARS = 500
"""Jobs are listed by owner, by whom DynamoDB finds nobody that has more than 2,048 bytes."""
RESULT_TTL = "result-ttl"
"""The attribute in which a producer says for how many seconds the result is to be kept."""
WEBHOOK = "webhook"
"""The attribute in which a producer names the webhook that is told of the end of its job."""

Message = Mapping[str, Any]
"""What of a message SendMessage takes."""
Record = Mapping[str, Any]
"""A message as Lambda hands it over."""


@dataclass(frozen=True, slots=True)
class JobMessages:
    objects: S3Objects

    def to_message(self, job: Job, body: bytes) -> Message:
        """The message that has a worker get *job* and its request. Raises Unavailable."""
        attributes = {JOB: job.id, FINGERPRINT: job.fingerprint, **(job.trace.headers if job.trace else {})}
        # SQS refuses characters that XML does not have, so everything beyond ASCII is escaped.
        text = json.dumps(from_json(body))
        if len(text) > MAX_INLINE_BYTES:
            self.objects.put(_object_key(job.id), body)
            attributes, text = attributes | {STORED: "s3", SIZE: str(len(body))}, "{}"

        return {
            "MessageBody": text,
            "MessageAttributes": {
                name: {"DataType": "String", "StringValue": value} for name, value in attributes.items()
            },
        }

    def parse_record(self, record: Record) -> JobMessage:
        """The message in *record*. Its *load* raises what is wrong with it, and Unavailable."""
        attributes = {name: value.get("stringValue") for name, value in record.get("messageAttributes", {}).items()}
        job_id, result_ttl = attributes.get(JOB), attributes.get(RESULT_TTL)
        size = _size(attributes.get(SIZE)) if job_id and STORED in attributes else None

        return JobMessage(
            id=record["messageId"],
            load=partial(self._load, record, None if size is None else job_id),
            sent_at=int(record["attributes"]["SentTimestamp"]) / 1000,
            receive_count=int(record["attributes"]["ApproximateReceiveCount"]),
            owner=_owner(attributes.get(OWNER)),
            result_ttl=_result_ttl_or_default(result_ttl),
            job_id=job_id,
            fingerprint=attributes.get(FINGERPRINT, "") if job_id else "",
            webhook=_webhook(attributes.get(WEBHOOK)),
            size=len(record["body"]) if size is None else size,
            trace=trace_of({name: value for name, value in attributes.items() if value}),
        )

    def _load(self, record: Record, stored: str | None) -> bytes:
        """The request in *record*, or in the bucket, where it is that of the job *stored*."""
        _check(record)

        return _inline(record) if stored is None else self.objects.get(_object_key(stored))


def _check(record: Record) -> None:
    """
    Raise InvalidRequest when *record* names an owner that is none, as no producer speaks for the stack's own key, or a
    wrong *result_ttl*, or a webhook that is none.
    """
    attributes = record.get("messageAttributes", {})
    parse_result_ttl(attributes.get(RESULT_TTL, {}).get("stringValue"), RESULT_TTL)
    if WEBHOOK in attributes:
        must_be_a_name(attributes[WEBHOOK].get("stringValue") or "", WEBHOOK)
    owner = attributes.get(OWNER)
    if owner is None:
        return
    if owner.get("dataType", "String") != "String" or not owner.get("stringValue"):
        raise InvalidRequest(f"{OWNER} must be an attribute of the type String", param=OWNER)
    if len(owner["stringValue"]) > MAX_OWNER_CHARS:
        raise InvalidRequest(f"{OWNER} must have {MAX_OWNER_CHARS} characters at most", param=OWNER)
    if owner["stringValue"] == MASTER.id:
        raise InvalidRequest(f"{OWNER} must not be {MASTER.id!r}, which jobs without an owner have", param=OWNER)


def _inline(record: Record) -> bytes:
    text: str = record["body"]

    return text.encode("utf-8", "surrogatepass")


def _object_key(job_id: str) -> str:
    return f"payloads/{job_id}"


def _owner(value: str | None) -> str:
    """Whose the job is, if *value* can be anybody: that it cannot is the job's outcome, which the master key reads."""
    return value if value and len(value) <= MAX_OWNER_CHARS else MASTER.id


def _result_ttl_or_default(value: str | None) -> int:
    """How long the outcome is kept; the usual time where the outcome will be that *value* is wrong."""
    try:
        return parse_result_ttl(value, RESULT_TTL)
    except InvalidRequest:
        return DEFAULT_RESULT_TTL_S


def _webhook(value: str | None) -> str:
    """The name of a webhook, if *value* can be one: that it cannot is its job's outcome."""
    return value if value and NAME.fullmatch(value) else ""


def _size(value: str | None) -> int:
    """The size that a message tells of a stored request; the largest there is where it does not tell."""
    known = value is not None and value.isascii() and value.isdigit() and len(value) < 10

    return int(value) if value and known else MAX_STORED_BYTES
