"""Jobs as DynamoDB's items."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from math import ceil
from typing import Any

from rerank_gateway.domain.jobs.job import MESSAGE_RETENTION_S, Job, Lease, Status
from rerank_gateway.domain.keys import EVERY_MODEL
from rerank_gateway.domain.spending.bill import Bill
from rerank_gateway.domain.spending.reservation import Reservation

Item = Mapping[str, Mapping[str, Any]]


def to_attributes(plain: Mapping[str, str | float | bytes | None]) -> dict[str, dict[str, Any]]:
    """*plain* values in DynamoDB's notation; what is None is left out."""
    return {name: _attribute(value) for name, value in plain.items() if value is not None}


def _attribute(value: str | float | bytes) -> dict[str, Any]:
    if isinstance(value, str):
        return {"S": str(value)}

    return {"B": value} if isinstance(value, bytes) else {"N": repr(value)}


def to_item(job: Job) -> dict[str, dict[str, Any]]:
    """The item of a *job* that is not finished. `expires_at` is the table's TTL attribute: whole epoch seconds."""
    return to_attributes(
        {
            "id": job.id,
            "owner": job.owner,
            "models": json.dumps(job.models) if job.models != EVERY_MODEL else None,
            "fingerprint": job.fingerprint,
            "status": job.status,
            "created_at": job.created_at,
            "expires_at": ceil(job.expires_at),
            "result_ttl": job.result_ttl,
            "lease_holder": job.lease.holder if job.lease else None,
            "lease_until": job.lease.until if job.lease else None,
            "claims": job.claims or None,
            "webhook": job.webhook or None,
            "bill": json.dumps(asdict(job.bill)) if job.bill else None,
        }
    )


def deleted_at(job: Job, now: float) -> int:
    """
    When DynamoDB may delete the item of a finished *job*, long after its result has expired perhaps: any message of it
    that comes late must find it finished.
    """
    return ceil(max(job.expires_at, now + MESSAGE_RETENTION_S))


def to_job(item: Item) -> Job:
    """The job of an *item*, without its outcomes."""
    return Job(
        id=item["id"]["S"],
        owner=item["owner"]["S"],
        models=tuple(json.loads(item["models"]["S"])) if "models" in item else EVERY_MODEL,
        fingerprint=item["fingerprint"]["S"],
        status=Status(item["status"]["S"]),
        created_at=float(item["created_at"]["N"]),
        expires_at=min(float(item[name]["N"]) for name in ("expires_at", "result_expires_at") if name in item),
        result_ttl=int(item["result_ttl"]["N"]),
        lease=_lease(item),
        busy=int(item["busy"]["N"]) if "busy" in item else 0,
        claims=int(item["claims"]["N"]) if "claims" in item else 0,
        webhook=item["webhook"]["S"] if "webhook" in item else "",
        event_sent="event_sent_at" in item,
        bill=_bill(item["bill"]["S"]) if "bill" in item else None,
        completed_at=float(item["completed_at"]["N"]) if "completed_at" in item else None,
    )


def _bill(text: str) -> Bill:
    fields = json.loads(text)
    reservations = tuple(Reservation(**each) for each in fields.pop("reservations"))

    return Bill(**fields, reservations=reservations)


def _lease(item: Item) -> Lease | None:
    """The lease; one without a holder is a job's backoff, in which nobody may claim it."""
    if "lease_until" not in item:
        return None

    return Lease(item.get("lease_holder", {}).get("S", ""), float(item["lease_until"]["N"]))


def holder_of(job: Job) -> str:
    return job.lease.holder if job.lease else ""
